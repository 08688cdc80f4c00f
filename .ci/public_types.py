"""Fails when a public item of a crate names a type or trait of a crate that is neither on the list nor given."""

import json
import sys

ALLOWED = {"std", "core", "alloc", "http", "bytes", "url", "chrono", "secrecy", "serde", "serde_core", "futures_core"}


def references(node):
    """Every `{path, id}` below a rustdoc node."""
    if isinstance(node, dict):
        if "id" in node and "path" in node:
            yield node["id"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def main(path, *besides):
    with open(path) as file:
        docs = json.load(file)
    names = {int(number): crate["name"] for number, crate in docs["external_crates"].items()}
    found = set()
    for item in docs["index"].values():
        implementation = item["inner"].get("impl")
        if item["crate_id"] != 0 or item["visibility"] in ("crate",) or isinstance(item["visibility"], dict):
            continue
        if implementation and (implementation.get("blanket_impl") or implementation.get("is_synthetic")):
            continue
        # An implementation's methods stand in the index themselves; what a `use` points to is checked where it is.
        inner = {kind: body for kind, body in item["inner"].items() if kind not in ("use", "macro", "proc_macro")}
        for reference in references(inner):
            target = docs["paths"].get(str(reference))
            crate = names.get(target["crate_id"]) if target else None
            if crate and crate not in ALLOWED | set(besides) and not crate.startswith("connectors_"):
                found.add(f"{item.get('name') or 'an implementation'}: {'::'.join(target['path'])}")
    for line in sorted(found):
        print(f"not allowed in a public signature: {line}")
    sys.exit(1 if found else 0)


main(*sys.argv[1:])
