"""lint: the checks of the source that are not tests: tidy, clang-tidy, cppcheck, unused functions.

usage: lint.py CLANG-FOLDER BUILD RESULTS.json. CLANG-FOLDER says how clang would compile each file:
clang-tidy gives clang's own warnings, too. BUILD has been built. What did not change since it was
found clean is not looked at again: a file is known by its text, its headers' texts and the
settings. Results are written one JSON object a line, as meson writes those of tests.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

build, built, results_path = sys.argv[1], sys.argv[2], sys.argv[3]
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
known_folder = os.path.join(root, build, 'lint-known')
os.makedirs(known_folder, exist_ok=True)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    return done.returncode, done.stdout + done.stderr


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def compile_commands():
    """The project's own sources, each once, with the command that compiles it."""
    with open(os.path.join(root, build, 'compile_commands.json'), encoding='utf-8') as file:
        listed = json.load(file)
    commands = {}
    for entry in listed:
        path = os.path.normpath(os.path.join(entry['directory'], entry['file']))
        commands.setdefault(path, entry)
    return commands


def state_of(path, entry, settings):
    """A digest of all that a verdict about the file depends on."""
    words = [w for w in shlex.split(entry['command'])]
    out = words.index('-o') if '-o' in words else len(words)
    flags = [w for w in words[:out] + words[out + 2:]
             if w not in ('-MD', '-c') and not w.startswith(('-MQ', '-MF'))]
    flags = [w for i, w in enumerate(flags) if i == 0 or flags[i] not in ('-MQ', '-MF')]
    listed = subprocess.run([flags[0], '-MM', '-I' + os.path.join(root, 'src'), '-D_GNU_SOURCE',
                             *[w for w in flags if w.startswith('-I')], path],
                            capture_output=True, text=True, cwd=entry['directory'])
    headers = re.sub(r'\\\n', ' ', listed.stdout).split()[1:]
    digest = hashlib.sha256(settings)
    for name in sorted(set([path] + headers)):
        full = os.path.join(entry['directory'], name)
        if os.path.exists(full):
            digest.update(read(full))
    return digest.hexdigest()


def clang_tidy():
    settings = read(os.path.join(root, '.clang-tidy'))
    commands = compile_commands()

    def look(item):
        path, entry = item
        state = os.path.join(known_folder, state_of(path, entry, settings))
        if os.path.exists(state):
            return ''
        code, output = run(['clang-tidy', '--quiet', '-p', build, path])
        if code == 0:
            open(state, 'w', encoding='utf-8').close()
            return ''
        said = [line for line in output.split('\n') if re.search(r': (error|warning): ', line)]
        return '\n'.join(said) or output

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(look, sorted(commands.items())) if text]
    return not found, f'{len(commands)} files\n' + '\n'.join(found)


def cppcheck():
    """Without its search for uninitialised variables: it does not follow results that come back by
    pointer, which clang's analyser and the sanitizers do."""
    folder = os.path.join(root, build, 'cppcheck')
    os.makedirs(folder, exist_ok=True)
    off = ['uninitvar', 'legacyUninitvar', 'uninitStructMember', 'ctuuninitvar',
           'missingIncludeSystem', 'normalCheckLevelMaxBranches']
    code, output = run(['cppcheck', '--enable=warning,performance,portability', '-j2', '--quiet',
                        '--error-exitcode=1', '--inline-suppr', '--std=c11',
                        '--cppcheck-build-dir=' + folder,
                        '--template={file}:{line}: {id}: {message}', '-Isrc', '-D_GNU_SOURCE',
                        *['--suppress=' + name for name in off],
                        *[part for part in ('src', 'bench', 'tests', 'tools')]])
    return code == 0, output


def unused():
    """Functions that no other object file asks for: they should be static, or go."""
    objects = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(root, built))
               for name in names if name.endswith('.o')]
    listed = subprocess.run(['nm', '-A', *objects], capture_output=True, text=True, check=True)
    defined, wanted = {}, set()
    for line in listed.stdout.split('\n'):
        found = re.match(r'(.*\.o):[0-9a-f ]*\b([A-Za-z]) (\w+)$', line)
        if found and found[2] == 'T':
            defined[found[3]] = os.path.basename(found[1])
        elif found and found[2] == 'U':
            wanted.add(found[3])
    own = {'main', 'LLVMFuzzerTestOneInput'}
    spare = sorted(f'{path}: {name} is used by no other file'
                   for name, path in defined.items() if name not in wanted | own)
    return bool(defined) and not spare, f'{len(defined)} functions\n' + '\n'.join(spare)


def tidy():
    code, output = run([sys.executable, 'tests/tidy.py'])
    return code == 0, output


CHECKS = [
    ('tidy', tidy),
    ('clang-tidy', clang_tidy),
    ('cppcheck', cppcheck),
    ('unused functions', unused),
]
failed = 0
with open(os.path.join(root, results_path), 'w', encoding='utf-8') as results:
    for name, check in CHECKS:
        clean, output = check()
        failed += not clean
        print(f'{name}: {"clean" if clean else "FAILED"}', flush=True)
        if not clean:
            print(output[-12000:])
        results.write(json.dumps({'name': name, 'result': 'OK' if clean else 'FAIL',
                                  'stdout': output}) + '\n')
sys.exit(failed > 0)
