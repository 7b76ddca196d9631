"""story_cli: every command as a new user would type it.

usage: story_cli.py TIDEWAITER [WORD ...]
"""
import json
import os
import re
import resource
import shutil
import signal
import subprocess

from command_line import (SHARED, SANITIZED, DONE, SOME_REFUSED, USAGE, FAILED, Skipped, Result,
                          alter, declare, end, lines_of, lodged, run, season, start, story,
                          tell_stories, write)

COMMANDS = ('demo', 'declare', 'file', 'queue', 'decide', 'prove', 'verify', 'ledger', 'rebuild',
            'simulate', 'serve', 'bench', 'books', 'duty', 'origin')


# --- The command line ----------------------------------------------------------------------------

@story
def each_command_has_help_with_an_example():
    for command in COMMANDS:
        for word in ('--help', '-h'):
            shown = run(command, word)
            shown.says(f'tidewaiter {command}', 'options:', '--store', '--json', 'example:')
            example = shown.out.rstrip().split('\n')[-1].strip()
            assert example.startswith(f'tidewaiter {command}'), shown
            assert shown.err == ''
    assert os.listdir('.') == [], 'help made something'


@story
def the_program_lists_its_commands():
    for word in ('--help', '-h', 'help'):
        run(word).says('usage: tidewaiter COMMAND', 'Exit status', *COMMANDS)


@story
def what_is_not_understood_is_usage_and_says_what_would_be():
    for words, said in (
            (('sing',), "there is no command 'sing'"),
            (('declare',), 'it needs FILE...'),
            (('file',), 'it needs UCR'),
            (('file', 'A', 'B'), "'B' is one argument too many"),
            (('queue', '--loud'), "there is no option '--loud'"),
            (('queue', '--limit'), "option '--limit' needs a value"),
            (('queue', '--limit', 'many'), 'takes a whole number'),
            (('queue', '--json=yes'), "option '--json' takes no value"),
            (('decide', 'A', 'release'), 'a decision needs a reason'),
            (('decide', 'A', 'burn', '--reason', 'x'), 'Decisions are release, examine'),
            (('ledger', 'dance'), "'show' or 'check'"),
            (('simulate', '--days', '-1'), 'takes a whole number'),
            (('simulate', '--format', 'csv'), 'ndjson or xml'),
            (('simulate', '--from', 'today'), '--from')):
        result = run(*words, status=USAGE)
        assert result.out == '', result
        assert said in result.err, result
    assert os.listdir('.') == [], 'a command line that was not understood made something'


@story
def options_may_stand_anywhere_and_take_their_value_either_way():
    season()
    run('declare', '--store=port', 'season.ndjson', '--simulated', status=None)
    run('--help')
    a = run('queue', '--limit=3', '--store', 'port', '--json').json('waiting', 'shown')
    b = run('queue', '--store=port', '--json', '--limit', '3').json()
    assert a == b
    run('file', '--store', 'port', '--', '-dash', status=FAILED).says("'-dash'")


# --- Simulating ----------------------------------------------------------------------------------

@story
def a_season_is_the_same_for_the_same_seed_and_another_for_another():
    words = ('simulate', '--days', 2, '--per-day', 40, '--seed', 7)
    first = run(*words).out
    assert first == run(*words).out
    assert first != run(*words[:-1], 8).out
    declarations = [json.loads(line) for line in first.rstrip('\n').split('\n')]
    assert len(declarations) == 80
    assert len({d['ucr'] for d in declarations}) == 80
    dates = {d['acceptedAt'][:10] for d in declarations}
    assert dates == {'2026-01-01', '2026-01-02'}, dates
    later = json.loads(run('simulate', '--per-day', 1, '--from', '2026-03-05').out)
    assert later['acceptedAt'].startswith('2026-03-05')
    assert run('simulate', '--days', 0).out == ''


# --- Declaring -----------------------------------------------------------------------------------

@story
def a_file_of_lines_is_lodged_once_however_often_it_is_sent():
    season(count=400)
    result, figures = declare('season.ndjson', status=SOME_REFUSED)
    assert figures['read'] == 400 and figures['accepted'] + figures['refused'] == 400
    assert 0 < figures['refused'] < 40 and figures['per_second'] > 0
    result.says('what was rejected, and why, is in season.ndjson.rejected.ndjson')
    rejected = lines_of('season.ndjson.rejected.ndjson')
    assert len(rejected) == figures['refused']
    for line in rejected:
        assert line['answer'] == 'refused' and line['file'].startswith('6XM') and line['line'] > 0
        finding = line['findings']['findings'][0]
        assert re.fullmatch(r'R-\d{3}', finding['rule']) and finding['text'] and finding['hint']
    before = run('ledger', 'show', '--store', 'port', '--json').json('size', 'batches', 'root')
    _, figures = declare('season.ndjson')
    assert (figures['repeated'], figures['accepted'], figures['refused']) == (400, 0, 0)
    assert run('ledger', 'show', '--store', 'port', '--json').json() == before


@story
def the_same_season_in_another_format_is_the_same_season():
    season(count=120)
    season('season.xml', count=120, extra=('--format', 'xml'))
    declarations = lines_of('season.ndjson')
    write('array.json', json.dumps(declarations, indent=2))
    write('one.json', json.dumps(declarations[0]))
    declare('season.ndjson', status=None)
    for name, count in (('season.xml', 120), ('array.json', 120), ('one.json', 1)):
        _, figures = declare(name)
        assert figures['read'] == figures['repeated'] == count, (name, figures)


@story
def a_message_is_held_to_its_schema_when_asked_to():
    wco = os.path.join(SHARED, 'wco')
    schemas = os.path.join(wco, 'schemas', 'declaration')
    if not os.path.isdir(schemas):
        raise Skipped('there are no WCO schemas on this machine')
    samples = [os.path.join(folder, name) for folder, _, names in os.walk(wco) for name in names
               if name.endswith('.xml')]
    for sample in sorted(samples):
        with open(sample, 'rb') as file:
            text = file.read()
        if b'WCO:DEC-DMS:2' not in text:
            continue
        write('sample.xml', text)
        _, figures = declare('sample.xml', '--strict', schemas, status=None)
        if figures['unreadable'] == 0:
            break
    else:
        raise AssertionError('no sample keeps to the schema')
    write('other.xml', re.sub(rb'GoodsItemQuantity', b'GoodsItemQuality', text))
    _, figures = declare('other.xml', '--strict', schemas, status=SOME_REFUSED)
    assert figures['unreadable'] == 1, figures
    reason = lines_of('other.xml.rejected.ndjson')[0]['reason']
    assert 'GoodsItemQuality' in reason['text'] and '--strict' in reason['hint'], reason
    declare('sample.xml', '--strict', 'nowhere', status=FAILED)


@story
def standard_input_is_lodged_too():
    declarations = run('simulate', '--per-day', 30).out.encode()
    _, figures = declare('-', given=declarations, status=None)
    assert figures['read'] == 30
    _, figures = declare('-', given=declarations)
    assert figures['repeated'] == 30


CSV_FIELDS = ('typeCode', 'functionCode', 'ucr', 'functionalReferenceId', 'declarant.id')


@story
def a_table_is_lodged_with_columns_named_as_the_fields():
    rows = [','.join(CSV_FIELDS)] + [f'IMA,9,6XM1-{i},R{i},XM10000007' for i in range(20)]
    write('table.csv', '\n'.join(rows) + '\n')
    _, figures = declare('table.csv', status=SOME_REFUSED) # hardly anything is said: rules break
    assert figures['read'] == figures['refused'] == 20
    run('file', '6XM1-7', '--store', 'port').says('refused', 'reference R7')


@story
def a_table_is_lodged_with_a_mapping():
    write('table.csv', 'No;Code;Euros\n1;09024000;12,50\n1;71131900;99,00\n2;09024000;7,00\n')
    write('own.mapping', 'ucr = 6XM1-{No}\ntypeCode = IMA\nfunctionCode = 9\n'
                         'items.classifications[0].id = {Code}\n'
                         'items.price.value = {Euros|comma}\nitems.price.currency = EUR\n'
                         'group = {No}\n')
    result, figures = declare('table.csv', '--mapping', 'own.mapping', status=None)
    assert figures['read'] == figures['refused'] == 2, result
    shown = run('file', '6XM1-1', '--store', 'port')
    shown.says('09024000', '71131900')
    write('wrong.mapping', 'ucr = {Number}\n')
    run('declare', 'table.csv', '--mapping', 'wrong.mapping', '--store', 'port',
        status=FAILED).says('wrong.mapping', 'Number')
    run('declare', 'table.csv', '--mapping', 'missing.mapping', '--store', 'port',
        status=FAILED).says('missing.mapping')


@story
def broken_lines_are_named_and_the_rest_goes_on():
    good = run('simulate', '--per-day', 6).out.encode().split(b'\n')
    broken = [b'{"functionCode":"9","nobody":1}', b'{"ucr": 7}', b'{"ucr": "x"', b'{}',
              b'{"ucr":"a","ucr":"b"}', b'{"ucr":"\xff"}']
    text = b''.join(b + b'\n' + g + b'\n' for b, g in zip(broken, good))
    write('mixed.ndjson', text)
    _, figures = declare('mixed.ndjson', status=SOME_REFUSED)
    assert figures['unreadable'] == 6 and figures['read'] == 12, figures
    assert figures['accepted'] + figures['refused'] == 6
    unreadable = [l for l in lines_of('mixed.ndjson.rejected.ndjson')
                  if l['answer'] == 'unreadable']
    assert [l['line'] for l in unreadable] == [1, 3, 5, 7, 9, 11]
    reasons = [l['reason'] for l in unreadable]
    for reason in reasons:
        assert reason['text'], reason
    for i, column in ((0, 21), (1, 9)):
        assert reasons[i]['line'] == 2 * i + 1 and reasons[i]['column'] == column, reasons[i]
    assert reasons[1]['field'] == 'ucr' and 'nobody' in reasons[0]['text']
    assert reasons[0]['hint'] and reasons[3]['hint']
    assert 'UTF-8' in reasons[5]['text']


@story
def what_cannot_be_opened_is_said_to_be():
    run('declare', 'nowhere.ndjson', '--store', 'port', status=FAILED).says('nowhere.ndjson',
                                                                         'No such file')
    os.mkdir('folder')
    run('declare', 'folder', '--store', 'port', status=FAILED).says('folder')
    write('empty.ndjson', '')
    _, figures = declare('empty.ndjson')
    assert figures['read'] == 0
    shutil.rmtree('port')
    os.remove('port.apart')
    season()
    _, figures = declare('nowhere.ndjson', 'season.ndjson', status=FAILED)
    assert figures['read'] == 60, 'the other file is lodged all the same'


@story
def a_file_that_was_cut_short_gives_what_is_whole():
    season(count=20)
    with open('season.ndjson', 'rb') as file:
        text = file.read()
    write('cut.ndjson', text[:-200])
    result, figures = declare('cut.ndjson', status=SOME_REFUSED)
    assert figures['read'] == 20 and figures['unreadable'] == 1, result
    array = json.dumps(lines_of('season.ndjson')).encode()
    write('cut.json', array[:-200])
    result, figures = declare('cut.json', status=None)
    assert result.status != DONE and figures['repeated'] == 19, result
    season('season.xml', count=20, extra=('--format', 'xml'))
    with open('season.xml', 'rb') as file:
        write('cut.xml', file.read()[:-200])
    result, figures = declare('cut.xml', status=None)
    assert result.status != DONE and figures['repeated'] == 19, result


def peak_of(line_bytes):
    """Lodges a line of so many bytes through a pipe, then a good one. Peak of memory, in KiB."""
    good = run('simulate', '--per-day', 1).out.encode()
    words = ('declare', '-', '--store', 'port', '--json', '--simulated')
    process = start(*words)
    piece = b'x' * (1 << 20)
    process.stdin.write(b'{"ucr":"')
    for _ in range(line_bytes >> 20):
        process.stdin.write(piece)
    process.stdin.write(b'"}\n' + good)
    process.stdin.close()
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    result = Result(words, process.returncode, out, err)
    figures = result.json()
    assert result.status == SOME_REFUSED and figures['unreadable'] == 1, result
    assert figures['accepted'] + figures['repeated'] == 1, result
    return usage.ru_maxrss


@story
def a_line_of_64_megabytes_is_refused_in_bounded_memory():
    small, large = peak_of(6 << 20), peak_of(64 << 20)
    assert large < small + 24 * 1024, f'{small} KiB with 6 MB, {large} KiB with 64 MB'
    if not SANITIZED:
        assert large < 300 * 1024, f'{large} KiB'


# --- Looking and deciding ------------------------------------------------------------------------

@story
def a_file_shows_its_facts_in_order_and_why():
    for declaration in lodged(20)[:5]:
        shown = run('file', declaration['ucr'], '--store', 'port', '--json')
        figures = shown.json('file', 'state', 'decision', 'version', 'facts', 'findings', 'score')
        assert figures['file'] == declaration['ucr'] and figures['version'] == 1
        shown.says('consignment', figures['state'], declaration['functionalReferenceId'])
        assert shown.out.index('declared') < shown.out.index('checked') < shown.out.index('decided')
    missing = run('file', 'nobody', '--store', 'port', status=FAILED)
    missing.says("there is no consignment 'nobody'", 'queue')


@story
def the_queue_lists_what_waits():
    lodged(400)
    full = run('queue', '--store', 'port', '--limit', 1000, '--json')
    figures = full.json('waiting', 'shown')
    assert figures['waiting'] == figures['shown'] > 5
    rows = [line for line in full.out.split('\n') if line.startswith('6XM')]
    assert len(rows) == figures['shown']
    worth = [float(re.search(r'([\d.]+) EUR', row).group(1)) for row in rows]
    assert worth == sorted(worth, reverse=True)
    short = run('queue', '--store', 'port', '--limit', 2, '--json').json()
    assert short == {'waiting': figures['waiting'], 'shown': 2}
    run('queue', '--store', 'empty').says('0 waiting')


def waiting_ucr():
    lodged(400)
    rows = run('queue', '--store', 'port').out.split('\n')
    return next(row.split()[0] for row in rows if row.startswith('6XM'))


@story
def an_officer_decides_and_the_same_decision_again_adds_nothing():
    ucr = waiting_ucr()
    words = (ucr, 'hold', '--reason', 'the seal is broken', '--who', 'ada', '--store', 'port',
             '--json')
    first = run('decide', *words).json('state', 'facts', 'repeated')
    assert first['state'] == 'held' and first['repeated'] is False
    again = run('decide', *words)
    assert again.json() == dict(first, repeated=True)
    again.says('nothing was added')
    run('file', ucr, '--store', 'port').says('officer:ada', 'the seal is broken')
    run('decide', ucr, 'release', '--reason', 'seen', '--store', 'port').says('released')
    run('decide', ucr, 'settle', '--reason', 'receipt 7', '--store', 'port').says('cleared')
    run('decide', ucr, 'hold', '--reason', 'late', '--store', 'port',
        status=FAILED).says('cleared')
    run('decide', 'nobody', 'release', '--reason', 'x', '--store', 'port',
        status=FAILED).says("'nobody'")


# --- Proving -------------------------------------------------------------------------------------

@story
def a_proof_is_verified_anywhere_and_an_altered_one_is_not():
    ucr = waiting_ucr()
    made = run('prove', ucr, '--store', 'port', '--output', 'proof.json', '--json')
    assert made.json('bytes')['bytes'] > 500
    with open('port/ledger/vkey', encoding='utf-8') as file:
        vkey = file.read().strip()
    with open('proof.json', encoding='utf-8') as file:
        proof = file.read()
    for key in (vkey, 'port/ledger/vkey'):
        verified = run('verify', 'proof.json', '--key', key, '--json')
        assert verified.json('verdict', 'facts')['verdict'] == 'true', verified
    run('verify', 'proof.json', '--store', 'port').says('true', 'port/ledger/vkey')

    write('altered.json', proof.replace('examine', 'release'))
    altered = run('verify', 'altered.json', '--key', vkey, '--json', status=SOME_REFUSED)
    assert altered.json()['verdict'] in ('not-sealed', 'malformed'), altered
    write('halved.json', proof[:len(proof) // 2])
    halved = run('verify', 'halved.json', '--key', vkey, '--json', status=SOME_REFUSED)
    assert halved.json()['verdict'] == 'malformed', halved

    run('queue', '--store', 'another')
    other = run('verify', 'proof.json', '--key', 'another/ledger/vkey', '--json',
                status=SOME_REFUSED)
    assert other.json()['verdict'] == 'cannot-tell', other
    nobody = run('verify', 'proof.json', '--store', 'nowhere', '--json', status=SOME_REFUSED)
    assert nobody.json()['verdict'] == 'cannot-tell', nobody
    nobody.says('--key')
    run('verify', 'missing.json', status=FAILED).says('missing.json')
    run('prove', 'nobody', '--store', 'port', status=FAILED).says("'nobody'")


@story
def a_proof_is_written_under_a_name_that_is_a_file():
    write('lone.ndjson', '{"typeCode":"IMA","declarant":{"id":"XM1"},'
                         '"functionalReferenceId":"R/1"}\n')
    declare('lone.ndjson', status=SOME_REFUSED)
    run('prove', 'LRN/XM1/R/1', '--store', 'port')
    assert os.path.exists('LRN_XM1_R_1.proof.json'), os.listdir('.')


# --- The ledger ----------------------------------------------------------------------------------

@story
def the_ledger_is_shown_and_checked():
    run('ledger', 'show', '--store', 'fresh').says('empty')
    lodged(300)
    shown = run('ledger', 'show', '--store', 'port', '--json')
    figures = shown.json('size', 'batches', 'root')
    with open('port/ledger/checkpoint', encoding='utf-8') as file:
        checkpoint = file.read().split('\n')
    assert checkpoint[1] == str(figures['size']) and checkpoint[2] == figures['root']
    checked = run('ledger', 'check', '--store', 'port', '--json')
    found = checked.json('verdict', 'entries', 'tiles', 'checkpoints', 'seconds')
    assert found['verdict'] == 'true' and found['entries'] == figures['size'], checked

    outside = ('ledger', 'check', '--dir', 'port/ledger', '--json')
    assert run(*outside, '--key', 'port/ledger/vkey').json()['verdict'] == 'true'
    assert run(*outside, status=SOME_REFUSED).json()['verdict'] == 'cannot-tell'
    alter('port/ledger/tile/entries/000', 1000)
    tampered = run(*outside, '--key', 'port/ledger/vkey', status=SOME_REFUSED)
    assert tampered.json()['verdict'] not in ('true', 'cannot-tell'), tampered
    run(*outside[:2], '--dir', 'nowhere', status=None).keeps_silent_of('true:')


@story
def a_log_that_others_wrote_is_checked():
    log = os.path.join(SHARED, 'tlog', 'tessera')
    if not os.path.isdir(log):
        raise Skipped('there is no log of others on this machine')
    words = ('ledger', 'check', '--dir', log, '--json')
    checked = run(*words, '--key', os.path.join(log, 'vkey.txt'))
    assert checked.json()['verdict'] == 'true' and checked.json()['entries'] > 0, checked
    assert run(*words, status=SOME_REFUSED).json()['verdict'] == 'cannot-tell'


@story
def a_changed_journal_is_found_by_the_check():
    lodged(300)
    alter('port/journal/00000001.seg', 8192)
    run('ledger', 'check', '--store', 'port', status=FAILED).says(
        'behind what was signed', 'its newest batch is damaged', 'Restore')
    alter('port/journal/00000001.seg', 8192) # a bit that is turned back
    declare(season(count=20, seed=2), status=None)
    alter('port/journal/00000001.seg', 8192)
    run('ledger', 'check', '--store', 'port', status=FAILED).says(
        'the journal is damaged', 'segment 1 at byte', 'Restore')


@story
def a_rebuild_gives_the_same_queue():
    lodged(300)
    before = run('queue', '--store', 'port', '--limit', 100).out
    rebuilt = run('rebuild', '--store', 'port', '--json').json('files', 'seconds', 'per_second')
    assert rebuilt['files'] == 300
    assert run('queue', '--store', 'port', '--limit', 100).out == before
    for end_of_name in ('', '-wal', '-shm'):
        if os.path.exists('port/views.sqlite' + end_of_name):
            os.remove('port/views.sqlite' + end_of_name)
    assert run('queue', '--store', 'port', '--limit', 100).out == before


# --- The whole in one ----------------------------------------------------------------------------

@story
def what_is_simulated_and_what_is_real_never_meet():
    season(count=20)
    real = ('{"typeCode":"IMA","declarant":{"id":"XM1"},"functionalReferenceId":"R/%d"}\n')
    write('real.ndjson', real % 1)
    for command in ('declare', 'serve'):
        run(command, '--help').says('--simulated')

    _, figures = declare('real.ndjson', status=SOME_REFUSED) # the store is one of real data now
    assert figures['refused'] == 1, figures
    words = ('declare', 'season.ndjson', '--store', 'port')
    run(*words, '--simulated', status=FAILED).says("the store 'port' is one of real data", '--store')
    refused = run(*words, '--json', status=SOME_REFUSED)
    assert refused.json()['refused'] == 20 and refused.json()['accepted'] == 0, refused
    reason = lines_of('season.ndjson.rejected.ndjson')[0]['reason']
    assert 'simulated' in reason['text'] and '--simulated' in reason['hint'], reason

    words = ('declare', '--store', 'sim', '--json')
    run(*words, 'season.ndjson', '--simulated', status=None)
    run(*words, 'real.ndjson', status=FAILED).says("the store 'sim' is simulated", '--store')
    write('real.ndjson', real % 2)
    lie = run(*words, 'real.ndjson', '--simulated', status=SOME_REFUSED)
    assert lie.json()['accepted'] == 0 and lie.json()['refused'] == 1, lie
    reason = lines_of('real.ndjson.rejected.ndjson')[0]['reason']
    assert 'does not say' in reason['text'] and '--store' in reason['hint'], reason
    for folder, mark in (('port', 'tidewaiter.example/log'), ('sim', 'tidewaiter.example/simulated')):
        with open(f'{folder}/ledger/checkpoint', encoding='utf-8') as file:
            assert file.readline().strip() == mark
    for line in lines_of('season.ndjson')[:1]:
        run('prove', line['ucr'], '--store', 'sim', '--output', 'proof.json')
        with open('proof.json', encoding='utf-8') as file:
            assert 'tidewaiter.example/simulated' in file.read()


@story
def the_bench_prints_one_row_when_asked_for_one():
    shown = run('bench', '--only', 'proofs', '--count', 1000, '--json')
    assert list(shown.json()) == ['proofs'], shown
    run('bench', '--only', 'proof', status=USAGE).says("no row 'proof'", 'tokenizer', 'proofs')


# --- Trouble -------------------------------------------------------------------------------------

def as_nobody():
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


@story
def a_folder_that_cannot_be_written_is_said_to_be():
    lodged(10)
    os.mkdir('locked', 0o755)
    before = None
    if os.geteuid() == 0:
        before = as_nobody
        os.chmod('.', 0o755)
        try:
            run('help', before=before)
        except (PermissionError, subprocess.SubprocessError) as why:
            raise Skipped('another user cannot run the program here') from why
    else:
        os.chmod('locked', 0o555)
        os.chmod('port', 0o555)
        os.chmod('port/lock', 0o444)
    run('queue', '--store', 'locked/new', status=FAILED, before=before).says(
        'locked/new', 'Permission denied', 'may write to')
    run('queue', '--store', 'port', status=FAILED, before=before).says(
        'Permission denied', 'may write to')
    os.chmod('port', 0o755)


def files_up_to(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@story
def a_full_disk_keeps_what_was_acknowledged_and_the_next_run_completes_it():
    season(count=8000)
    write('empty.ndjson', '')
    declare('empty.ndjson', '--simulated') # makes the store
    # Room for the largest batch, which a slow disk makes: 1,024 declarations of 2.3 KB; not for all.
    result, figures = declare('season.ndjson', status=FAILED, before=files_up_to(6 << 20))
    result.says('the disk is full', 'Make room and try again; what was acknowledged is kept.',
                'run it again')
    taken = figures['accepted'] + figures['refused']
    assert 0 < taken < 8000 and figures['read'] <= 8000, result
    _, figures = declare('season.ndjson', status=None)
    assert figures['repeated'] >= taken, (figures, taken)
    assert figures['read'] == 8000
    assert figures['repeated'] + figures['accepted'] + figures['refused'] == 8000
    run('ledger', 'check', '--store', 'port').says('true')


@story
def a_store_that_finds_no_room_to_begin_says_so():
    result = run('queue', '--store', 'port', status=FAILED, before=files_up_to(1024 * 1024))
    result.says('the disk is full', 'Make room')
    run('queue', '--store', 'port').says('0 waiting')


def fed(count):
    """A process that is given `count` declarations and waits for more. They are more than a pipe
    holds, so it has begun to read them."""
    text = run('simulate', '--per-day', count).out.encode()
    assert len(text) > 1 << 17
    words = ('declare', '-', '--store', 'port', '--json', '--simulated')
    process = start(*words)
    process.stdin.write(text)
    process.stdin.flush()
    return process, words, text


@story
def a_second_process_is_told_who_has_the_store():
    process, words, _ = fed(400)
    second = run('queue', '--store', 'port', status=FAILED)
    second.says(f'in use by process {process.pid}', '--store')
    end(process, words, None)
    run('queue', '--store', 'port')


@story
def a_stop_signal_loses_nothing_and_says_to_run_again():
    for number in (signal.SIGTERM, signal.SIGINT):
        process, words, text = fed(6000)
        process.send_signal(number)
        stopped = end(process, words, FAILED)
        stopped.says('stopped', 'run it again')
        figures = stopped.json()
        taken = figures['accepted'] + figures['refused'] + figures['repeated']
        _, figures = declare('-', given=text, status=None)
        assert figures['repeated'] >= taken and figures['read'] == 6000, figures
        run('ledger', 'check', '--store', 'port').says('true')
        shutil.rmtree('port')
        os.remove('port.apart')


@story
def a_killed_process_leaves_a_store_that_goes_on():
    process, words, text = fed(3000)
    process.kill()
    end(process, words, -signal.SIGKILL)
    _, figures = declare('-', given=text, status=None)
    assert figures['read'] == 3000
    run('ledger', 'check', '--store', 'port').says('true')


@story
def a_store_put_back_from_an_old_copy_does_not_sign():
    season('one.ndjson', count=50, seed=1)
    season('two.ndjson', count=50, seed=2)
    declare('one.ndjson', status=None)
    shutil.copytree('port', 'copy')
    declare('two.ndjson', status=None)
    shutil.rmtree('port')
    os.rename('copy', 'port')
    with open('port/ledger/checkpoint', 'rb') as file:
        checkpoint = file.read()
    result = run('declare', 'two.ndjson', '--store', 'port', status=FAILED)
    result.says('behind what was signed', 'Restore the newest copy')
    with open('port/ledger/checkpoint', 'rb') as file:
        assert file.read() == checkpoint


@story
def a_store_that_was_deleted_names_the_record_that_is_left():
    lodged(10)
    shutil.rmtree('port')
    run('queue', '--store', 'port/', status=FAILED).says('port.apart', 'of another ledger')
    os.remove('port.apart')
    run('queue', '--store', 'port').says('0 waiting')


@story
def a_store_whose_path_is_too_long_is_refused():
    run('queue', '--store', '/tmp/' + 'p' * 600, status=FAILED).says('path')


tell_stories()
