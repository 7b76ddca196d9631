"""contract: holds what servers answer, and what they take, against their OpenAPI document.

Every exchange of a story is looked at: the status, the media type and the JSON of an answer must be
in the document, and so must JSON that was taken. What is not is a breach; the story fails by it at
its end. Of each operation and status the first BODIES_MAX bodies are looked at.
"""
import collections
import json
import re

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

BODIES_MAX = 50
METHODS = {'get', 'put', 'post', 'delete', 'patch'}


def media_type(value):
    return (value or '').split(';')[0].strip().lower()


def pattern(path, rest):
    """A path of the document as a regular expression; the last {part} may take all that is left."""
    parts = re.split(r'\{\w+\}', path)
    middle = '[^/]+'.join(map(re.escape, parts))
    if rest and path.endswith('}'):
        middle = '[^/]+'.join(map(re.escape, parts[:-1])) + '.+'
    return re.compile(middle + '$')


class Contract:
    def __init__(self, document):
        self.document, self.breaches = document, []
        self.seen, self.validators = collections.Counter(), {}
        self.paths = [(pattern(path, rest), path) for rest in (False, True)
                      for path in document['paths']]

    def breach(self, text):
        self.breaches.append(text)

    def path_of(self, target):
        path = target.split('?')[0]
        return next((known for fits, known in self.paths if fits.match(path)), None)

    def operation(self, method, target):
        """The operation of a request, or None; and the statuses that go without one."""
        path = self.path_of(target)
        if path is None:
            return None, {404, 400}
        wanted = {'head': 'get'}.get(method.lower(), method.lower())
        return self.document['paths'][path].get(wanted), {405, 400}

    def resolved(self, thing):
        while '$ref' in thing:
            found = self.document
            for key in thing['$ref'].split('/')[1:]:
                found = found[key]
            thing = found
        return thing

    def validator(self, schema):
        key = json.dumps(schema)
        if key not in self.validators:
            whole = {'allOf': [schema], 'components': self.document['components']}
            self.validators[key] = Draft202012Validator(whole)
        return self.validators[key]

    def hold_json(self, where, schema, value):
        error = best_match(self.validator(schema).iter_errors(value))
        if error is not None:
            at = '.'.join(map(str, error.absolute_path))
            self.breach(f'{where}: {at or "the whole"}: {error.message[:400]}')

    def hold_body(self, where, content, kind, body):
        """A body of that media type; each line and each event by itself."""
        if kind not in content and '*/*' not in content:
            self.breach(f'{where}: {kind or "no type"} is not among {sorted(content)}')
            return
        schema = content.get(kind, {}).get('schema')
        if kind in ('application/json', 'application/problem+json', 'application/x-ndjson') and \
                schema is None:
            self.breach(f'{where}: {kind} has no schema')
        if schema is None:
            return
        pieces = body.split(b'\n') if kind == 'application/x-ndjson' else [body]
        for piece in [p for p in pieces if p.strip()][:BODIES_MAX]:
            self.seen[where] += 1
            if self.seen[where] <= BODIES_MAX:
                self.hold_json(where, schema, json.loads(piece))

    def hold_answer(self, method, target, reply):
        operation, without = self.operation(method, target)
        kind = media_type(reply.headers['Content-Type'])
        where = f'{method} {self.path_of(target)}: {reply.status}'
        if operation is None:
            if reply.status not in without:
                self.breach(f'{where}: there is no such operation')
            content = {'application/problem+json': {'schema': {
                '$ref': '#/components/schemas/Problem'}}}
        elif str(reply.status) not in operation['responses']:
            self.breach(f'{where} is not in the document: {reply.body[:200]!r}')
            return
        else:
            content = self.resolved(operation['responses'][str(reply.status)]).get('content')
        if method == 'HEAD':
            return
        if content is None:
            if reply.body:
                self.breach(f'{where}: has a body')
            return
        self.hold_body(where, content, kind, reply.body)

    def hold_taken(self, method, target, headers, body, reply):
        """What was sent and taken must be what the document says is taken."""
        operation, _ = self.operation(method, target)
        if operation is None or not body or reply.status >= 300:
            return
        where = f'{method} {self.path_of(target)}: what is sent'
        content = operation.get('requestBody', {}).get('content')
        if content is None:
            self.breach(f'{where}: nothing is to be sent')
            return
        sent = body.encode() if isinstance(body, str) else body
        kind = media_type({k.lower(): v for k, v in headers.items()}.get('content-type'))
        if kind or len(content) == 1:
            kind = kind or next(iter(content))
            if kind == 'application/x-ndjson':  # a line may be refused for itself
                return
            self.hold_body(where, content, kind, sent)

    def hold(self, method, target, headers, body, reply):
        self.hold_answer(method, target, reply)
        self.hold_taken(method, target, headers, body, reply)

    def hold_event(self, target, data):
        """One event of a stream of them."""
        operation, _ = self.operation('GET', target)
        self.hold_body(f'GET {self.path_of(target)}: an event',
                       operation['responses']['200']['content'], 'text/event-stream', data)

    def kept(self):
        """Raises what was breached since it was asked last."""
        breaches, self.breaches = sorted(set(self.breaches)), []
        assert not breaches, 'the document does not have:\n  ' + '\n  '.join(breaches)
