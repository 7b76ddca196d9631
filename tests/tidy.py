"""tidy: the rules of STYLE.md and FLOORS that a machine can hold the source to.

Prints each breach as file:line: rule. Functions over 70 lines are listed as a hint only.
"""
import os
import re
import subprocess
import sys

ROOT = os.environ.get('TIDEWAITER_ROOT', os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BANNED = {
    'strcpy': 'arena_copy', 'strcat': 'text_add', 'sprintf': 'text_add_format or snprintf',
    'strtok': 'span_cut', 'atoi': 'span_to_u64', 'gets': 'read', 'alloca': 'arena_take',
}
BANNED_BELOW_GATES = {
    'time': 'the time that is handed in', 'rand': 'the random source that is handed in',
    'getenv': 'a setting that is handed in',
}
MONEY_FOLDERS = ('src/consignment/', 'src/tariff/', 'src/clearance/', 'src/office/')
breaches, hints = [], []


def breach(path, line, text):
    breaches.append(f'{path}:{line}: {text}')


def sources():
    listed = subprocess.run(['git', '-C', ROOT, 'ls-files', '-co', '--exclude-standard'],
                            capture_output=True, text=True, check=True).stdout.split('\n')
    return [p for p in listed if p.endswith(('.c', '.h')) and os.path.exists(f'{ROOT}/{p}')]


def floors():
    allowed = {}
    with open(f'{ROOT}/FLOORS', encoding='utf-8') as file:
        for line in file:
            words = line.split('#')[0].split()
            if words:
                allowed[words[0]] = set(words)
    return allowed


def check_floor(path, number, line, allowed):
    parts = path.split('/')
    include = re.match(r'#include "(\w+)/(.*)"', line)
    if parts[0] != 'src' or not include:
        return
    target = include.group(1)
    if not os.path.isdir(f'{ROOT}/src/{target}'):
        breach(path, number, f'includes "{target}/": there is no such folder in src')
    if len(parts) == 2:
        return  # main.c stands above all floors
    room = parts[1]
    if room not in allowed:
        breach(path, number, f'folder {room} has no row in FLOORS')
    elif target not in allowed[room]:
        breach(path, number, f'{room} may not include {target} (FLOORS)')
    inner = include.group(2).split('/')
    if room in ('clearance', 'evidence') and target == room and len(parts) > 3 and len(inner) > 1:
        if inner[0] != parts[2]:
            breach(path, number, f'{room}/{parts[2]} may not include {room}/{inner[0]}: '
                                 'they speak through the file')


def strip_text(line):
    line = re.sub(r"'(\\.|[^'\\])'", "' '", line)
    return re.sub(r'"(\\.|[^"\\])*"', '""', line).split('//')[0]


def check_lines(path, text, allowed):
    generated = path.endswith('_test.c')
    below_gates = path.startswith('src/') and not path.startswith(('src/gates/', 'src/main.c'))
    for number, line in enumerate(text.split('\n'), 1):
        if len(line) > 100:
            breach(path, number, f'{len(line)} columns; 100 is the limit')
        if '\t' in line:
            breach(path, number, 'a tab')
        if line.rstrip() != line:
            breach(path, number, 'trailing space')
        if re.search(r'\b(FIXME|XXX|TODO)\b', line) and not generated and 'FIXME|' not in line:
            if '"' not in line:
                breach(path, number, 'an open end (FIXME, XXX, TODO): finish it or open an issue')
        check_floor(path, number, line, allowed)
        code = strip_text(line)
        for word, instead in BANNED.items():
            if re.search(rf'(?<![\w.>])\b{word}\s*\(', code):
                breach(path, number, f'{word}() is banned; use {instead}')
        if below_gates and not path.endswith(('_test.c', '_fuzz.c')):
            for word, instead in BANNED_BELOW_GATES.items():
                if re.search(rf'(?<![\w.>])\b{word}\s*\(', code):
                    breach(path, number, f'{word}() is banned below the gates; use {instead}')
            if path.startswith(MONEY_FOLDERS) and re.search(r'\b(float|double)\b', code):
                breach(path, number, 'floating point where money is worked out; use decimal or money')


def check_header(path, text):
    name = os.path.basename(path)[:-2]
    if not re.match(rf'// {re.escape(name)}: \S', text):
        breach(path, 1, f'the first line must be "// {name}: sentence"')


def check_fuzz(path):
    """A fuzz target has a row in its meson.build, which names its corpus."""
    folder = os.path.dirname(path)
    name = os.path.basename(path)[:-2]
    while folder:
        build = f'{ROOT}/{folder}/meson.build'
        if os.path.exists(build):
            with open(build, encoding='utf-8') as file:
                if f"'{name}'" in file.read():
                    return
        folder = os.path.dirname(folder)
    breach(path, 1, 'this fuzz target is in no meson.build: it is never replayed')


def long_functions(path, text):
    start, name = 0, ''
    for number, line in enumerate(text.split('\n'), 1):
        if line == '{':
            start = number
        elif line == '}' and start:
            if number - start > 70:
                hints.append(f'{path}:{start}: a function of {number - start} lines; '
                             'would a list of steps tell it better?')
            start = 0
        elif not start and line and not line.startswith((' ', '#', '/', '}')):
            name = line
    return name


def main():
    allowed = floors()
    files = sources()
    for path in files:
        with open(f'{ROOT}/{path}', encoding='utf-8') as file:
            text = file.read()
        check_lines(path, text, allowed)
        long_functions(path, text)
        if path.startswith('src/') and path.endswith('.h'):
            check_header(path, text)
        if path.endswith('_fuzz.c'):
            check_fuzz(path)
    for folder in sorted(os.listdir(f'{ROOT}/src')):
        if os.path.isdir(f'{ROOT}/src/{folder}') and folder not in allowed:
            breach(f'src/{folder}', 0, 'a folder without a row in FLOORS')
    for hint in hints:
        print('hint:', hint)
    for line in breaches:
        print(line)
    print(f'{len(files)} files read, {len(breaches)} breaches')
    return len(breaches) > 0 or len(files) == 0


sys.exit(main())
