"""wco_peer: holds what xml_show reads of the WCO samples against an XML reader that is not ours.

usage: wco_peer.py XML_SHOW SAMPLES [SCHEMAS]. For each declaration in each sample, read by Python's
own XML library: every text and every attribute that says something is found as a value in our JSON,
or its element is listed as dropped; and our JSON has no value that the message does not have.
What is no declaration (notifications, movements, answers) is refused, and says so. What we write of
each reads back as the same. With SCHEMAS every declaration that has the schemas' namespaces is valid
by them (--strict), and so is what we write. Exits with 77 when the samples are not there.
"""
import collections
import datetime
import decimal
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

XSI = '{http://www.w3.org/2001/XMLSchema-instance}'
NOT_WELL_FORMED = 2  # of the samples: a comment in a comment


def local(name):
    return name.split('}')[-1].split(':')[-1]


def plain(text):
    """A value in one form: numbers without needless zeros, moments as UTC."""
    text = text.strip()
    moment = re.fullmatch(r'(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d\d)', text)
    if moment:
        zone = 0 if moment[7] == 'Z' else int(moment[7])
        at = datetime.datetime(*map(int, moment.groups()[:6])) - datetime.timedelta(hours=zone)
        return at.strftime('%Y-%m-%dT%H:%M:%S.000Z')
    if re.fullmatch(r'-?\d+(\.\d+)?', text):
        number = decimal.Decimal(text)
        return f'{number.normalize():f}' if number else '0'
    return text


def leaves(element, path):
    """Path and value of each text and attribute of an element."""
    for name, value in element.attrib.items():
        mass = value == 'KGM' and re.search(r'(Mass|Weight)Measure$', path)  # the model's own unit
        if not (name.startswith(XSI) or local(name) == 'formatCode' or mass or not value.strip()):
            yield f'{path}@{local(name)}', plain(value)
    if len(element) == 0:
        if element.text and element.text.strip():
            yield path, plain(element.text)
        return
    for text in [element.text] + [child.tail for child in element]:
        if text and text.strip():
            yield f'{path}/text()', plain(text)
    for child in element:
        yield from leaves(child, f'{path}/{local(child.tag)}')


def values(json_value):
    if isinstance(json_value, dict):
        for member in json_value.values():
            yield from values(member)
    elif isinstance(json_value, list):
        for member in json_value:
            yield from values(member)
    else:
        yield plain(str(json_value))


def is_dropped(path, dropped):
    return any(path == d or path.startswith((d + '/', d + '@')) for d in dropped)


def compare(element, shown, where):
    """What is wrong with our reading of the Declaration element, as sentences."""
    ours = collections.Counter(values(shown['declaration']))
    wrong, count = [], 0
    for path, value in leaves(element, 'Declaration'):
        count += 1
        if ours[value] > 0:
            ours[value] -= 1
        elif not is_dropped(path, shown['dropped']):
            wrong.append(f'{where}: {path} = {value!r} is lost')
    left = [value for value, times in ours.items() if times > 0]
    if left:
        wrong.append(f'{where}: not in the message: {left[:5]}')
    return wrong, count


def declarations(path):
    """The Declaration elements of a message; none when it is a message of another kind."""
    root = ET.parse(path).getroot()
    if local(root.tag).endswith('Response'):
        return []
    if any(local(e.tag) == 'Response' for e in root.iter()):
        return []
    return [e for e in root.iter() if local(e.tag) == 'Declaration']


def show(program, paths, *options):
    lines = subprocess.run([program, *options, *paths], capture_output=True, text=True, check=True)
    by_file = collections.defaultdict(list)
    for line in lines.stdout.split('\n'):
        if line:
            shown = json.loads(line)
            by_file[shown['file']].append(shown)
    return by_file


def check_file(path, shown):
    """Sentences of what is wrong, and what was found: a kind, and how many leaves."""
    try:
        elements = declarations(path)
    except ET.ParseError:
        refused = all('error' in s and s['error']['line'] > 1 for s in shown)
        return [] if refused else [f'{path}: not well-formed, and taken'], 'not well-formed', 0
    if not elements:
        refused = len(shown) == 1 and 'declaration' in shown[0].get('error', {}).get('text', '').lower()
        return [] if refused else [f'{path}: no declaration, and taken: {shown}'], 'other', 0
    if len(shown) != len(elements):
        return [f'{path}: {len(elements)} declarations, {len(shown)} shown'], 'declaration', 0
    wrong, count = [], 0
    for element, one in zip(elements, shown):
        if 'error' in one:
            wrong.append(f"{path}:{one['error']['line']}: {one['error']['text']}")
            continue
        more, leaves_count = compare(element, one, path)
        wrong += more
        count += leaves_count
    return wrong, 'declaration', count


def in_one_file(texts, folder):
    """All messages one behind the other, which is how many are sent, and quicker than one by one."""
    path = os.path.join(folder, 'all.xml')
    with open(path, 'w', encoding='utf-8') as file:
        for text in texts:
            file.write(re.sub(r'^\ufeff?\s*<\?xml.*?\?>', '', text, flags=re.S) + '\n')
    return path


def check_all_valid(program, schemas, paths, texts, counts, folder):
    """Which of the messages is not valid by the schemas, as sentences."""
    path = in_one_file(texts, folder)
    shown = show(program, [path], '--strict', schemas)[path]
    names = [name for name, count in zip(paths, counts) for _ in range(count)]
    if len(shown) != len(names):
        return [f'{len(names)} messages in one file, {len(shown)} shown'], 0
    wrong = [f"{name}: {one['error']['text']}" for name, one in zip(names, shown) if 'error' in one]
    return wrong, len(shown) - len(wrong)


def check_written(program, schemas, declared, shown, folder):
    """What we write of each declaration reads as the same, and is valid."""
    lines = subprocess.run([program, '--as-xml', *declared], capture_output=True, text=True, check=True)
    texts = lines.stdout.rstrip('\n').split('\n')
    path = in_one_file(texts, folder)
    options = ['--strict', schemas] if schemas else []
    again = show(program, [path], *options)[path]
    before = [one['declaration'] for name in declared for one in shown[name]]
    if len(again) != len(before):
        return [f'{len(before)} declarations written, {len(again)} read'], 0
    wrong = []
    for one, other in zip(before, again):
        if other.get('declaration') != one or other.get('dropped'):
            wrong.append(f"written, and read as another: {other.get('error', other)} {one.get('id')}")
    return wrong, len(before) - len(wrong)


def check_strictly(program, schemas, declared, shown, folder):
    texts = []
    for path in declared:
        with open(path, encoding='utf-8') as file:
            texts.append(file.read())
    named = [i for i, text in enumerate(texts) if 'urn:wco:datamodel:WCO:DEC-DMS:2' in text]
    wrong, valid = check_all_valid(program, schemas, [declared[i] for i in named],
                                   [texts[i] for i in named],
                                   [len(shown[declared[i]]) for i in named], folder)
    print(f'{valid} of {len(declared)} are valid by the schemas; '
          f'{len(declared) - len(named)} have other namespaces')
    return wrong


def main():
    program, samples = sys.argv[1], sys.argv[2]
    schemas = sys.argv[3] if len(sys.argv) > 3 else None
    if not os.path.isdir(samples):
        print(f'skipped: {samples} is not there')
        return 77
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(samples)
                   for name in names if name.endswith('.xml'))
    shown = show(program, paths)
    wrong, kinds, leaves_count = [], collections.Counter(), 0
    for path in paths:
        sentences, kind, count = check_file(path, shown[path])
        wrong += sentences
        kinds[kind] += 1
        leaves_count += count
    declared = [p for p in paths if shown[p] and all('declaration' in s for s in shown[p])]
    functions = collections.Counter(s['declaration'].get('functionCode')
                                    for p in declared for s in shown[p])
    dropped = collections.Counter(d for p in declared for s in shown[p] for d in s['dropped'])
    print(f'{len(paths)} files: {dict(kinds)}; by function {dict(functions)}; '
          f'{leaves_count} texts and attributes found; {sum(dropped.values())} paths dropped')
    if kinds['not well-formed'] != NOT_WELL_FORMED or kinds['declaration'] < 190:
        wrong.append('these are not the samples that this test knows')

    with tempfile.TemporaryDirectory() as folder:
        if schemas:
            wrong += check_strictly(program, schemas, declared, shown, folder)
        sentences, same = check_written(program, schemas, declared, shown, folder)
        print(f'{same} of {len(declared)} are written, valid, and read back as the same')
        wrong += sentences
    for sentence in wrong[:50]:
        print(sentence)
    return len(wrong) > 0


sys.exit(main())
