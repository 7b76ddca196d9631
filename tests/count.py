"""count: adds up what every test program proved and prints "N passed, N failed".

A cmocka program counts each of its tests; any other program counts as one.
"""
import json
import re
import sys

PASSED = re.compile(r'\[  PASSED  \] (\d+) test')
FAILED = re.compile(r'\[  FAILED  \] (\d+) test')
SKIPPED = re.compile(r'\[  SKIPPED \] (\d+) test')


def counted(test):
    """How many tests a program's record says passed, failed and were skipped."""
    output = test.get('stdout', '') + test.get('stderr', '')
    passed = sum(map(int, PASSED.findall(output)))
    failed = sum(map(int, FAILED.findall(output)))
    skipped = sum(map(int, SKIPPED.findall(output)))
    if test['result'] == 'SKIP':
        return 0, 0, 1
    if test['result'] not in ('OK', 'EXPECTEDFAIL'):
        return passed, max(failed, 1), skipped
    if passed + skipped == 0:
        return 1, 0, 0
    return passed, failed, skipped


totals = [0, 0, 0]
for path in sys.argv[1:]:
    with open(path, encoding='utf-8') as file:
        for line in file:
            totals = [a + b for a, b in zip(totals, counted(json.loads(line)))]

if totals[2]:
    print(f'{totals[2]} skipped: what they need is not on this machine (see the log)')
print(f'{totals[0]} passed, {totals[1]} failed')
sys.exit(totals[1] > 0 or totals[0] == 0)
