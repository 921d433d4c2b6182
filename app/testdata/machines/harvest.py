"""Harvests a provider with two clients that others wrote and holds its answers
to the schema of the protocol; prints what came as JSON.

usage: harvest.py BASE SCHEMA"""
import json
import sys
import urllib.parse
import urllib.request

from lxml import etree
from oaipmh_scythe import Scythe
from oaipmh_scythe.client import HTTPConfig
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

base, schema = sys.argv[1:]
out = {}

sickle = Sickle(base)
identity = sickle.Identify()
out["deletedRecord"] = identity.deletedRecord
out["formats"] = [f.metadataPrefix for f in sickle.ListMetadataFormats()]
out["sets"] = len(list(sickle.ListSets()))
records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
out["sickle"] = len(records)
out["sickle_different"] = len({r.header.identifier for r in records})
out["sickle_deleted"] = sum(1 for r in records if r.header.deleted)
out["sickle_title"] = next(r for r in records if not r.header.deleted).metadata["title"][0]
out["sickle_headers"] = len(list(sickle.ListIdentifiers(metadataPrefix="marcxml")))
out["sickle_set"] = len(list(sickle.ListRecords(metadataPrefix="oai_dc", set="country:BT")))
latest = max(r.header.datestamp for r in records)
out["sickle_since"] = len(list(sickle.ListRecords(**{"metadataPrefix": "oai_dc", "from": latest})))
try:
    sickle.ListRecords(metadataPrefix="oai_dc", until="2001-01-01")
    out["sickle_fault"] = ""
except NoRecordsMatch as fault:
    out["sickle_fault"] = type(fault).__name__
one = sickle.GetRecord(identifier=records[0].header.identifier, metadataPrefix="oai_dc")
out["sickle_one"] = one.header.identifier == records[0].header.identifier

with Scythe(base, http_config=HTTPConfig(http_method="POST")) as scythe:
    out["scythe"] = sum(1 for _ in scythe.list_records(metadata_prefix="marcxml"))
    out["scythe_there"] = sum(1 for _ in scythe.list_records(metadata_prefix="marcxml", ignore_deleted=True))

xsd = etree.XMLSchema(etree.parse(schema))
one = urllib.parse.quote(records[0].header.identifier)
out["invalid"] = []


def check(query):
    body = urllib.request.urlopen(base + "?" + query).read()
    tree = etree.fromstring(body)
    if not xsd.validate(tree):
        out["invalid"].append(query + ": " + str(xsd.error_log.last_error))
    token = tree.find(".//{*}resumptionToken")
    return token.text if token is not None else None


queries = ["verb=Identify", "verb=ListSets", "verb=ListMetadataFormats", "verb=nothing", "verb=ListRecords", "verb=ListRecords&metadataPrefix=x",
           "verb=ListRecords&metadataPrefix=oai_dc&set=nothing&from=2020-01-01", "verb=GetRecord&metadataPrefix=marcxml&identifier=" + one,
           "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:none:1", "verb=ListRecords&resumptionToken=x"]
for prefix in out["formats"]:
    queries += ["verb=ListRecords&metadataPrefix=" + prefix, "verb=ListIdentifiers&metadataPrefix=" + prefix]
for query in queries:
    while query:
        token = check(query)
        query = query.split("&")[0] + "&resumptionToken=" + token if token else None
json.dump(out, sys.stdout)
