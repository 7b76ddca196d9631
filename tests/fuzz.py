"""fuzz: runs each libFuzzer program of a build folder for some seconds over its corpus.

usage: fuzz.py BUILD-FOLDER SECONDS. New inputs go to a scratch folder; a crash is kept and named.
"""
import json
import os
import subprocess
import sys
import tempfile

build, seconds = sys.argv[1], sys.argv[2]
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
targets = json.loads(subprocess.run(['meson', 'introspect', '--targets', build],
                                    capture_output=True, text=True, check=True).stdout)
failed = 0
for target in targets:
    name = target['name']
    if not name.endswith('_fuzz'):
        continue
    source = target['target_sources'][0]['sources'][0]
    captures = os.path.join(os.path.dirname(source), 'captures', name[:-5])
    with tempfile.TemporaryDirectory() as scratch:
        command = [target['filename'][0], f'-max_total_time={seconds}', '-timeout=20',
                   '-rss_limit_mb=4096', f'-artifact_prefix={build}/{name}-', scratch]
        command += [captures] if os.path.isdir(captures) else []
        run = subprocess.run(command, capture_output=True, text=True)
    last = [line for line in run.stderr.split('\n') if line.startswith('Done ')][-1:]
    print(f'{name}: {"ok" if run.returncode == 0 else "FAILED"} {" ".join(last)}', flush=True)
    if run.returncode != 0:
        failed += 1
        print(run.stderr[-3000:])
sys.exit(failed > 0)
