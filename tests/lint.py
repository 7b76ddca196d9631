"""lint: the checks of the source that are not tests: tidy, clang-tidy, cppcheck, unused functions.

usage: lint.py CLANG-BUILD-FOLDER RESULTS.json. What did not change since it was found clean is not looked
at again: a file is known by its text, its headers' texts and the settings. Results are written one
JSON object a line, as meson writes those of tests.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

build, results_path = sys.argv[1], sys.argv[2]
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
        return output

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(look, sorted(commands.items())) if text]
    return not found, f'{len(commands)} files\n' + '\n'.join(found)


def cppcheck(*checks):
    folder = os.path.join(root, build, 'cppcheck-' + checks[0].split('=')[1].split(',')[0])
    os.makedirs(folder, exist_ok=True)
    code, output = run(['cppcheck', *checks, '--quiet', '--error-exitcode=1', '--inline-suppr',
                        '--std=c11', '--cppcheck-build-dir=' + folder,
                        '--template={file}:{line}: {id}: {message}', '-Isrc', '-D_GNU_SOURCE',
                        '--suppress=missingIncludeSystem', '--suppress=normalCheckLevelMaxBranches',
                        '--suppress=unusedFunction:*_fuzz.c', 'src', 'bench', 'tests', 'tools'])
    return code == 0, output


def tidy():
    code, output = run([sys.executable, 'tests/tidy.py'])
    return code == 0, output


CHECKS = [
    ('tidy', tidy),
    ('clang-tidy', clang_tidy),
    ('cppcheck', lambda: cppcheck('--enable=warning,performance,portability', '-j2')),
    ('cppcheck unused functions', lambda: cppcheck('--enable=unusedFunction')),
]
failed = 0
with open(os.path.join(root, results_path), 'w', encoding='utf-8') as results:
    for name, check in CHECKS:
        clean, output = check()
        failed += not clean
        print(f'{name}: {"clean" if clean else "FAILED"}', flush=True)
        if not clean:
            print(output[-8000:])
        results.write(json.dumps({'name': name, 'result': 'OK' if clean else 'FAIL',
                                  'stdout': output}) + '\n')
sys.exit(failed > 0)
