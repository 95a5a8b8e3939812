#!/usr/bin/env python3
"""The report's HTML as a browser sees it: a real Chromium without a network opens it; no request leaves, nothing is
written on its console, and axe-core (PyPI's axe-core-python carries it) finds nothing serious.

check_report.py --program stillroom-cli      makes runs and a report of them, and checks it
check_report.py --html report.html           checks one that is there (--pictures DIR: what it looks like)
"""

import argparse
import base64
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import peer


class Browser:
    """Chromium's DevTools protocol over its two pipes."""

    def __init__(self, program, profile):
        to_browser, ours_out = os.pipe()
        ours_in, from_browser = os.pipe()

        def connect():
            # The browser reads 3 and writes 4, whatever numbers the pipes have here.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            while reading in (3, 4):
                reading = os.dup(reading)
            while writing in (3, 4):
                writing = os.dup(writing)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        offline = ["unshare", "--user", "--map-root-user", "--net"]
        if subprocess.run(offline + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
            offline = []
        self.offline = bool(offline)
        self.process = subprocess.Popen(
            offline + [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                       "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-extensions",
                       "--no-first-run", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.out, self.input = ours_out, os.fdopen(ours_in, "rb")
        self.number, self.events, self.session = 0, [], None

    def message(self):
        text = bytearray()
        while (byte := self.input.read(1)) != b"\0":
            if not byte:
                raise RuntimeError("the browser ended")
            text += byte
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        call = {"id": number, "method": method, "params": parameters}
        if self.session:
            call["sessionId"] = self.session
        os.write(self.out, json.dumps(call).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:600])
        return result["result"].get("value")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def check(chromium, axe, html, pictures):
    problems = []
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(chromium, profile)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Network", "Runtime", "Log"):
                browser.call(f"{domain}.enable")
            browser.call("Emulation.setDeviceMetricsOverride", width=1100, height=1400, deviceScaleFactor=1, mobile=False)
            address = pathlib.Path(html).resolve().as_uri()
            browser.call("Page.navigate", url=address)
            browser.wait("Page.loadEventFired")
            browser.evaluate("new Promise(done => setTimeout(done, 500))")

            requests = [event["params"]["request"]["url"] for event in browser.events
                        if event.get("method") == "Network.requestWillBeSent"]
            problems += [f"a request: {url}" for url in requests if url != address]
            if requests.count(address) != 1:
                problems.append(f"the page itself was asked for {requests.count(address)} times")
            for event in browser.events:
                if event.get("method") == "Runtime.exceptionThrown":
                    problems.append("an exception: " + json.dumps(event["params"])[:300])
                if event.get("method") == "Runtime.consoleAPICalled":
                    problems.append("on the console: " + json.dumps(event["params"]["args"])[:300])
                if event.get("method") == "Log.entryAdded":
                    problems.append("on the console: " + event["params"]["entry"]["text"])

            shapes = browser.evaluate("""({
                figures: document.querySelectorAll('figure > svg[role=img]').length,
                tables: document.querySelectorAll('table > caption').length,
                formulas: document.querySelectorAll('math[display=block]').length,
                flat: [...document.querySelectorAll('figure > svg, math, table')]
                    .filter(e => e.getBoundingClientRect().height < 5).length,
                wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                mode: document.compatMode })""")
            if min(shapes["figures"], shapes["tables"], shapes["formulas"]) < 1:
                problems.append(f"something is missing: {shapes}")
            if shapes["flat"] or shapes["wider"] > 0 or shapes["mode"] != "CSS1Compat":
                problems.append(f"it does not fit: {shapes}")

            browser.evaluate(pathlib.Path(axe).read_text() + "; 0")
            found = browser.evaluate("axe.run(document).then(r => ({passes: r.passes.length, violations: r.violations.map("
                                     "v => ({id: v.id, impact: v.impact, help: v.help, "
                                     "nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))}))}))")
            for violation in found["violations"]:
                print(f"axe: {violation['impact']}: {violation['id']}: {violation['help']}: {violation['nodes']}")
                if violation["impact"] in ("serious", "critical"):
                    problems.append(f"axe-core: {violation['id']}")
            if found["passes"] < 10:
                problems.append("axe-core looked at next to nothing")

            if pictures:
                os.makedirs(pictures, exist_ok=True)
                size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
                for part, top in enumerate(range(0, int(size["height"]), 1800)):
                    picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True, clip={
                        "x": 0, "y": top, "width": size["width"], "height": min(1800, size["height"] - top), "scale": 1})
                    pathlib.Path(pictures, f"html-{part:02}.png").write_bytes(base64.b64decode(picture["data"]))
                printed = browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
                pathlib.Path(pictures, "printed.pdf").write_bytes(base64.b64decode(printed["data"]))
            print(f"{html}: {len(requests)} request (the file), {shapes['figures']} figures, {shapes['tables']} tables, "
                  f"{shapes['formulas']} formulas; axe-core: {found['passes']} rules passed, "
                  f"{len(found['violations'])} findings, network {'taken away' if browser.offline else 'not resolved'}")
        finally:
            browser.close()
    return problems


def make_report(program, folder):
    chance = random.Random(1)
    names = ["requests_or_urgent_needs", "sympathy & <support>", "その他"]
    with open(os.path.join(folder, "data.csv"), "w", encoding="utf-8") as file:
        file.write("id,text,gold,said,confidence\n")
        for row in range(1500):
            gold = chance.choices(range(3), (6, 3, 1))[0]
            words = " ".join(f"c{gold}w{chance.randrange(30)}" if chance.random() < 0.25 else f"w{chance.randrange(900)}"
                             for _ in range(12))
            confidence = chance.choice((0.6, 0.8, 0.9, 0.97))
            said = gold if chance.random() < confidence - 0.1 else chance.randrange(3)
            file.write(f"{row},<i>{words}</i> & more,{names[gold]},{names[said]},{confidence}\n")
    runs = []
    for rule in ("llkd", "all"):
        path = os.path.join(folder, f"{rule}.yaml")
        pathlib.Path(path).write_text(
            "name: made-up\ndata:\n  train: {files: data.csv, id: id, text: text, gold: gold}\n"
            "  holdout: {validation: 0.15, test: 0.15}\nteacher: {kind: columns, label: said, confidence: confidence}\n"
            f"student: {{dimensions: 16, buckets: 65536}}\nselection: {{rule: {rule}}}\ntraining: {{epochs: 3}}\n")
        for seed in (1, 2, 3):
            said = subprocess.run([program, "run", path, "--seed", str(seed), "--runs", os.path.join(folder, "runs"),
                                   "--json", "--quiet"], check=True, capture_output=True, text=True)
            runs.append(json.loads(said.stdout)["run"])
    reports = []
    for name, chosen in (("one", runs[:1]), ("six", runs)):
        out = os.path.join(folder, name)
        subprocess.run([program, "report", *chosen, "--out", out, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        reports.append(os.path.join(out, "report.html"))
    return reports


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program")
    parser.add_argument("--html", action="append", default=[])
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        peer.skip("there is no chromium here (Debian's package chromium)")
    try:
        import axe_core_python
    except ImportError:
        peer.skip("there is no axe-core-python here (PyPI)")
    axe = os.path.join(os.path.dirname(axe_core_python.__file__), "axe.min.js")
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for html in arguments.html or make_report(os.path.abspath(arguments.program), folder):
            problems += check(chromium, axe, html, arguments.pictures)
    for problem in problems:
        print("wrong:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
