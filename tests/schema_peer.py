"""schema_peer: another program takes and refuses by docs/declaration.schema.json what ours does.

What ours does with each capture is its name's first word, to which model_schema_test holds it:
accepted and refused by both; lenient: only ours takes it; strict: only the schema does, because JSON
Schema has no words for it. Needs python3-jsonschema; without it the test is skipped.
"""
import json
import os
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print('skipped: there is no python3-jsonschema')
    sys.exit(77)

ROOT = os.environ.get('TIDEWAITER_ROOT', os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CAPTURES = f'{ROOT}/src/consignment/captures/declaration'
TAKEN = {'accepted': True, 'strict': True, 'refused': False, 'lenient': False}

with open(f'{ROOT}/docs/declaration.schema.json', encoding='utf-8') as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)

wrong, seen = 0, dict.fromkeys(TAKEN, 0)
for name in sorted(os.listdir(CAPTURES)):
    kind = name.split('-')[0]
    with open(f'{CAPTURES}/{name}', encoding='utf-8') as file:
        errors = list(validator.iter_errors(json.load(file)))
    seen[kind] += 1
    if (not errors) != TAKEN[kind]:
        wrong += 1
        print(f'{name}: {errors[0].message if errors else "is taken"}')

print(', '.join(f'{count} {kind}' for kind, count in seen.items()))
sys.exit(wrong > 0 or min(seen.values()) == 0)
