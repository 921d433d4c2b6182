"""Expands the JSON-LD of pages with PyLD and prints, by page, the types and
how many properties of each node have an IRI of schema.org.

The context of schema.org is on another host, where a test does not go: its own
words are all under one address, which @vocab says.

usage: jsonld.py PAGE..."""
import html.parser
import json
import sys
import urllib.request

from pyld import jsonld


class Script(html.parser.HTMLParser):
    text, inside = "", False

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.text += data


def load(url, options):
    assert url.rstrip("/") == "https://schema.org", url
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
            "document": {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "license": {"@type": "@id"}}}}


jsonld.set_document_loader(load)
out = {}
for page in sys.argv[1:]:
    found = Script()
    found.feed(urllib.request.urlopen(page).read().decode())
    nodes = jsonld.expand(json.loads(found.text))
    keys = [k for n in nodes for k in n if not k.startswith("@")]
    out[page] = {"types": [t for n in nodes for t in n["@type"]], "ids": [n["@id"] for n in nodes],
                 "properties": len(keys), "foreign": [k for k in keys if not k.startswith("https://schema.org/")],
                 "name": [v["@value"] for n in nodes for v in n["https://schema.org/name"]]}
json.dump(out, sys.stdout)
