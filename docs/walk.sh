# Shell functions for the README's walk: `. docs/walk.sh`. They need sh, curl and python3.
# They read the demo.json of a running demo: in .demo, or in the folder that DEMO names.

demo=${DEMO:-.demo}/demo.json

# pick FILE PATH: one value of a JSON file, as in: pick answer.json data.viewer.partner.id
pick() {
    python3 -c '
import json, sys
value = json.load(open(sys.argv[1], encoding="utf-8"))
for name in sys.argv[2].split("."):
    value = value[int(name)] if isinstance(value, list) else value[name]
print(value)' "$1" "$2"
}

# body DOCUMENT: the document as the JSON of a request
body() {
    python3 -c 'import json, sys; print(json.dumps({"query": sys.argv[1]}))' "$1"
}

# ask WHO DOCUMENT [curl arguments]: asks with that token of demo.json; keeps the answer in answer.json, and shows it
ask() {
    who=$1 document=$2
    shift 2
    body "$document" | curl -sS "$(pick "$demo" graphql)" -o answer.json --data @- "$@" \
        -H "Authorization: Bearer $(pick "$demo" "tokens.$who")" -H "Content-Type: application/json"
    python3 -c '
import json

def text(value, margin=""):
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, (dict, list)) or len(margin + line) < 110:
        return line
    further = margin + "  "
    if isinstance(value, list):
        return "[\n" + ",\n".join(further + text(one, further) for one in value) + "\n" + margin + "]"
    lines = (f"{further}\"{name}\": {text(one, further)}" for name, one in value.items())
    return "{\n" + ",\n".join(lines) + "\n" + margin + "}"

print(text(json.load(open("answer.json", encoding="utf-8"))))'
}

# mails KIND COUNT: the newest mails of a kind in the demo's folder; waits until there are so many
mails() {
    python3 -c '
import email, email.policy, json, pathlib, sys, time

folder, kind, count = pathlib.Path(json.load(open(sys.argv[1]))["mail_folder"]), sys.argv[2], int(sys.argv[3])

def arrived():
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime)
    read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    return [mail for mail in read if mail["X-Partner-Api-Kind"] == kind][-count:]

until = time.monotonic() + 30
while len(found := arrived()) < count and time.monotonic() < until:
    time.sleep(0.1)
for mail in found:
    body = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    print("To: {}\nSubject: {}\n\n{}".format(mail["To"], mail["Subject"], body))' "$demo" "$1" "$2"
}
