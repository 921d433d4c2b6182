"""Reads feeds with feedparser and prints what came as JSON.

usage: feeds.py ADDRESS …"""
import json
import sys

import feedparser

out = {}
for address in sys.argv[1:]:
    f = feedparser.parse(address)
    whole = bool(f.feed.get("title")) and bool(f.feed.get("link")) and all(
        e.get("id") and e.get("title") and e.get("link") and e.get("published_parsed") for e in f.entries)
    out[address] = {
        "fault": str(f.bozo_exception) if f.bozo else "",
        "version": f.version,
        "entries": len(f.entries),
        "whole": whole,
        "again": feedparser.parse(address, etag=f.get("etag"), modified=f.get("modified")).status,
    }
json.dump(out, sys.stdout)
