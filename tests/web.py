"""web: the tests of the pages: types, format, libraries, and every page in a browser.

usage: web.py RESULTS.json. The pages must have been built (tools/pages.sh). Results are written one
JSON object a line, as meson writes those of tests.
"""
import json
import os
import subprocess
import sys
import tempfile

results_path = os.path.abspath(sys.argv[1])
web = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'web')
RESULTS = {'passed': 'OK', 'failed': 'FAIL'}  # any other status: it was not run


def run(*command):
    done = subprocess.run(['npx', '--no-install', *command], capture_output=True, text=True,
                          cwd=web)
    return done.returncode, done.stdout + done.stderr


def clean(name, *command):
    code, output = run(*command)
    return [(name, 'OK' if code == 0 else 'FAIL', output)]


def tests():
    """Each test of vitest, or one failure when there was none to run."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'vitest.json')
        _, output = run('vitest', 'run', '--reporter=json', '--outputFile=' + path)
        if not os.path.exists(path):
            return [('vitest', 'FAIL', output)]
        with open(path, encoding='utf-8') as file:
            report = json.load(file)
    found = [(test['fullName'], RESULTS.get(test['status'], 'SKIP'),
              '\n'.join(test['failureMessages']))
             for suite in report['testResults'] for test in suite['assertionResults']]
    broken = [(suite['name'], 'FAIL', suite['message']) for suite in report['testResults']
              if suite['status'] == 'failed' and not suite['assertionResults']]
    return found + broken or [('vitest', 'FAIL', output)]


failed = 0
with open(results_path, 'w', encoding='utf-8') as results:
    checks = clean('types', 'tsc') + clean('format', 'prettier', '--check', '.')
    for name, result, output in checks + tests():
        failed += result == 'FAIL'
        if result == 'FAIL':
            print(f'web: {name}: FAILED\n{output}')
        results.write(json.dumps({'name': name, 'result': result, 'stdout': output}) + '\n')
print(f'web: {"FAILED" if failed else "all is well"}')
sys.exit(failed > 0)
