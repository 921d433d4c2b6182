"""A provider of OAI-PMH for the tests of harvesting: the protocol is that of the
package oaipmh (PyPI, of the ETH Library), the records are what the test sends.

    python provider.py

writes its address as the first line of its output and serves until its input
ends. POST / takes a JSON list of records: {"id", "set", "deleted", "dc": {element:
[values]}}; each is dated now, or on its "date".
"""
import json
import sys
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from oaipmh.common import Header, Identify, Metadata
from oaipmh.error import CannotDisseminateFormatError
from oaipmh.metadata import MetadataRegistry
from oaipmh.server import NS_OAIDC, BatchingServer, oai_dc_writer

PAGE = 10  # records


def now():
    return datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)


class Repository:
    """What the protocol asks for, in the order in which records changed."""

    def __init__(self):
        self.address = ""
        self.records = {}

    def take(self, records):
        for r in records:
            r["at"] = datetime.fromisoformat(r["date"]) if "date" in r else now()
            self.records.pop(r["id"], None)
            self.records[r["id"]] = r

    def identify(self):
        return Identify("Library of Others", self.address, "2.0", ["a@example.org"],
                        datetime(2000, 1, 1), "persistent", "YYYY-MM-DDThh:mm:ssZ", ["identity"])

    def listMetadataFormats(self, identifier=None):
        return [("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", NS_OAIDC)]

    def listRecords(self, metadataPrefix, set=None, from_=None, until=None, cursor=0, batch_size=PAGE):
        if metadataPrefix != "oai_dc":
            raise CannotDisseminateFormatError("there is only oai_dc")
        found = [r for r in self.records.values()
                 if (not set or r["set"] == set) and (not from_ or r["at"] >= from_) and (not until or r["at"] <= until)]
        return [(Header(None, r["id"], r["at"], [r["set"]], r.get("deleted", False)), Metadata(None, r.get("dc", {})), None)
                for r in sorted(found, key=lambda r: r["at"])[cursor:cursor + batch_size]]


repository = Repository()
registry = MetadataRegistry()
registry.registerWriter("oai_dc", oai_dc_writer)
server = BatchingServer(repository, metadata_registry=registry, resumption_batch_size=PAGE)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = urlsplit(self.path)
        if asked.path != "/oai":
            return self.send_error(404)
        self.answer(server.handleRequest(dict(parse_qsl(asked.query))), "text/xml; charset=utf-8")

    def do_POST(self):
        repository.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer(b"", "text/plain")

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
repository.address = "http://127.0.0.1:%d/oai" % listener.server_port
print(repository.address, flush=True)
threading.Thread(target=listener.serve_forever, daemon=True).start()
sys.stdin.read()
