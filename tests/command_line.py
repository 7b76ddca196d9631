"""command_line: how stories run the program as a user would, and how they are told.

A story is a function whose name is a sentence. It has a folder of its own, and the program is run
there. The words behind the program on the command line choose those stories with all of them in the
name.
"""
import json
import os
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get('TIDEWAITER_ROOT', os.path.dirname(HERE))
SHARED = os.path.join(ROOT, '..', 'shared', 'data')
with open(PROGRAM, 'rb') as program:
    SANITIZED = b'__asan_init' in program.read()
ENVIRONMENT = dict(os.environ, LC_ALL='C.UTF-8', ASAN_OPTIONS='detect_stack_use_after_return=1'
                   ':quarantine_size_mb=16')
DONE, SOME_REFUSED, USAGE, FAILED = 0, 1, 2, 3
LIMIT_S = 240
stories = []


class Skipped(Exception):
    """What the story needs is not on this machine."""


class Result:
    """What a run of the program gave: status, out, err; the JSON object of its last line."""

    def __init__(self, words, status, out, err, peak_kib=0):
        self.words, self.status, self.peak_kib = words, status, peak_kib
        self.out, self.err = out.decode('utf-8', 'replace'), err.decode('utf-8', 'replace')

    def __str__(self):
        return (f'tidewaiter {" ".join(map(str, self.words))}\nstatus {self.status}\n'
                f'--- out\n{self.out}--- err\n{self.err}')

    def json(self, *members):
        last = self.out.rstrip('\n').split('\n')[-1]
        found = json.loads(last)
        assert isinstance(found, dict), f'the last line is no object\n{self}'
        for member in members:
            assert member in found, f'no member {member}\n{self}'
        return found

    def says(self, *words):
        for word in words:
            assert word in self.out + self.err, f'it does not say {word!r}\n{self}'
        return self

    def keeps_silent_of(self, *words):
        for word in words:
            assert word not in self.out + self.err, f'it says {word!r}\n{self}'
        return self


def story(function):
    stories.append(function)
    return function


def start(*words, stdin=subprocess.PIPE, before=None):
    return subprocess.Popen([PROGRAM, *map(str, words)], stdin=stdin, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=ENVIRONMENT, preexec_fn=before)


def end(process, words, status, given=None):
    out, err = process.communicate(given, timeout=LIMIT_S)
    result = Result(words, process.returncode, out, err)
    assert 'Sanitizer' not in result.err and 'runtime error' not in result.err, result
    assert status is None or result.status == status, f'status {status} expected\n{result}'
    return result


def run(*words, status=DONE, given=b'', before=None):
    """Runs the program to its end; it must end with this status (None: with any)."""
    return end(start(*words, before=before), words, status, given)


def write(name, text):
    with open(name, 'wb') as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return name


def lines_of(name):
    with open(name, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


def season(name='season.ndjson', count=60, seed=1, extra=()):
    made = run('simulate', '--per-day', count, '--seed', seed, *extra)
    write(name, made.out)
    return name


def kind_of(text):
    """What is simulated goes into stores for such."""
    return ('--simulated',) if b'SIM00' in text else ()


def declare(name, *words, status=DONE, given=b'', **how):
    text = given
    for one in (name, *words):
        if os.path.isfile(one):
            with open(one, 'rb') as file:
                text += file.read()
    result = run('declare', name, '--store', 'port', '--json', *kind_of(text), *words,
                 status=status, given=given, **how)
    return result, result.json('read', 'accepted', 'refused', 'repeated', 'unreadable', 'seconds',
                               'per_second')


def alter(name, at):
    with open(name, 'r+b') as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 4]))


def lodged(count=60):
    """A store with a season of `count`; their declarations, as objects."""
    name = season(count=count)
    declare(name, status=None)
    return lines_of(name)


# --- Running them --------------------------------------------------------------------------------

def tell(one):
    name = one.__name__
    here = os.getcwd()
    with tempfile.TemporaryDirectory(prefix='story_') as folder:
        os.chdir(folder)
        try:
            one()
            print(f'[       OK ] {name}', flush=True)
            return 'passed'
        except Skipped as why:
            print(f'[  SKIPPED ] {name}: {why}', flush=True)
            return 'skipped'
        except Exception: # pylint: disable=broad-except
            traceback.print_exc(file=sys.stdout)
            print(f'[  FAILED  ] {name}', flush=True)
            return 'failed'
        finally:
            os.chdir(here)


def tell_stories():
    chosen = [s for s in stories if all(word in s.__name__ for word in sys.argv[2:])]
    ends = [tell(one) for one in chosen]
    print(f'[  PASSED  ] {ends.count("passed")} tests.')
    if ends.count('skipped'):
        print(f'[  SKIPPED ] {ends.count("skipped")} tests.')
    if ends.count('failed'):
        print(f'[  FAILED  ] {ends.count("failed")} tests.')
    sys.exit(ends.count('failed') > 0 or not chosen)
