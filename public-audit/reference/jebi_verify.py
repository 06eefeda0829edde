#!/usr/bin/env python3
"""Recompute a draw of jebi from its record, with nothing but Python's standard library.

    python3 jebi_verify.py DIR          compare with DIR/result.txt: exit 0 if identical, 1 if not
    python3 jebi_verify.py DIR --print  print the recomputed result.txt instead

Written from SPEC.md to be read beside it, slowly and plainly. It takes the record's form for
granted and does not check signatures; `jebi-audit verify` does both.
"""
import calendar, hashlib, json, pathlib, struct, sys, time


LAST = 253402300799  # 9999-12-31T23:59:59Z: SPEC §2


def later(instant, seconds):
    return min(instant + seconds, LAST)


def seconds_of(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def text_of(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).digest()


def need(holds, what):
    if not holds:
        sys.exit(f"does not match: {what}")


def root(lines):  # SPEC §4: RFC 6962
    if len(lines) < 2:
        return sha256(b"\0" + lines[0]) if lines else sha256(b"")
    half = 1 << (len(lines) - 1).bit_length() - 1
    return sha256(b"\1" + root(lines[:half]) + root(lines[half:]))


def chacha20(key):  # SPEC §7: the keystream as little-endian numbers of 64 bits
    def quarter(s, a, b, c, d):
        for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = s[x] + s[y] & 0xFFFFFFFF
            t = s[z] ^ s[x]
            s[z] = (t << bits | t >> 32 - bits) & 0xFFFFFFFF

    block = 0
    while True:
        start = list(struct.unpack("<4I8I", b"expand 32-byte k" + key)) + [block, 0, 0, 0]
        s = start[:]
        for _ in range(10):
            for i in range(4):
                quarter(s, i, i + 4, i + 8, i + 12)
            for i in range(4):
                quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        words = [(x + y) & 0xFFFFFFFF for x, y in zip(s, start)]
        for low, high in zip(words[::2], words[1::2]):
            yield high << 32 | low
        block += 1


def entry(line, rules):  # SPEC §3
    receipt, *fields = line.split(" ")
    given = dict(field.split("=") for field in fields)  # apart: a field may be called as anything below is
    e = {"receipt": receipt, "fields": given, "amount": 0, "reserve": None, "slot": None}
    e.update({k: int(given.get(k, 1)) for k in ("seats", "weight")})
    e["want"] = int(given.get("want", rules["goods"]["cap"] * e["seats"]))
    wish = [part for part in given.get("wish", "any").split("+") if part != "any"]
    e["walk"] = wish + [part for part in rules["parts"] if part not in wish]
    return e


def matches(e, match):
    return all(e["fields"][field] in values for field, values in match.items())


def for_everybody(e, funds):  # SPEC §8
    return e["want"] if funds is None else e["seats"] * sum(f["per_seat"] for f in funds if matches(e, f["match"]))


def share(ranked, unit, budget, **_):  # SPEC §8
    low, high = 0, max((e["want"] for e in ranked), default=0) // unit + 1
    while high - low > 1:
        level = (low + high) // 2
        fits = sum(min(e["want"], level * unit) for e in ranked) <= budget
        low, high = (level, high) if fits else (low, level)
    for e in ranked:
        e["amount"] = min(e["want"], low * unit)
        budget -= e["amount"]
    for e in ranked:
        if e["want"] > e["amount"] and budget >= unit:
            e["amount"] += unit
            budget -= unit
    return low * unit


def lottery(ranked, reserves, places, budget, room=lambda e: True):  # SPEC §8
    for r in reserves:
        for e in ranked:
            fits = e["seats"] <= places[r["name"]] and e["want"] <= budget and room(e)
            if not e["amount"] and matches(e, r["match"]) and fits:
                e["amount"], e["reserve"] = e["want"], r["name"]
                places[r["name"]] -= e["seats"]
                budget -= e["want"]
        if r["spill"]:
            places[r["spill"]] += places[r["name"]]
            places[r["name"]] = 0


def place(taken, slots):  # SPEC §9: each cohort by itself
    for cohort in (s["cohort"] for n, s in enumerate(slots) if s["cohort"] not in [t["cohort"] for t in slots[:n]]):
        own = sorted((s for s in slots if s["cohort"] == cohort), key=lambda s: s["starts_at"])
        inside = [e for e in taken if e["cohort"] == cohort]
        everything = sum(s["capacity"] for s in own)
        demand = min(everything, sum(e["seats"] for e in inside))
        for s in own:
            s["target"], s["rest"] = divmod(s["capacity"] * demand, everything or 1)
            s["filled"] = 0
        for s in sorted(own, key=lambda s: -s["rest"])[:demand - sum(s["target"] for s in own)]:
            s["target"] += 1
        for e in inside:
            room = (s for limit in ("target", "capacity") for part in e["walk"] for s in own
                    if s["part"] == part and s["filled"] + e["seats"] <= s[limit])
            e["slot"] = next(room, None)
            if e["slot"]:
                e["before"] = e["slot"]["filled"]
                e["slot"]["filled"] += e["seats"]
    for e in (e for e in taken if e["slot"]):  # SPEC §10
        e["start"] = later(e["slot"]["starts_at"], e["slot"]["seconds"] * e["before"] // e["slot"]["filled"])


def result(e, rank):  # SPEC §10
    if not e["slot"]:
        return f"{rank} {e['receipt']} waitlisted - - -\n"
    return f"{rank} {e['receipt']} assigned {e['slot']['name']} {text_of(e['start'])} {e['amount']}\n"


def drawn(folder):
    """Rules, entries in rank order, the level of a share, and the places that reserves have left."""
    rules_bytes, pool = (folder / "rules.json").read_bytes(), (folder / "pool.txt").read_bytes()
    rules, seed_input = json.loads(rules_bytes), (folder / "seed-input.txt").read_text()
    _, slug, rules_digest, pool_root, organiser_seed, _, _ = seed_input.splitlines()
    need(slug == rules["round"] and rules_digest == sha256(rules_bytes).hex(), "rules")
    need(pool_root == root(pool.splitlines()).hex(), "root")
    commitment = sha256(f"jebi-commit-1\n{organiser_seed}\n").hex()
    need(organiser_seed == "0" * 64 or commitment == rules["commitment"], "commitment")
    for s in rules["slots"]:
        s["starts_at"] = seconds_of(s["starts_at"])
    entries = [entry(line, rules) for line in pool.decode().splitlines()]
    for e in entries:
        key = sha256(f"jebi-lot-1\n{sha256(seed_input).hex()}\n{e['receipt']}\n")
        e["lot"] = min(number for number, _ in zip(chacha20(key), range(e["weight"])))
        e["cohort"] = next((s["cohort"] for s in rules["slots"] if matches(e, s["cohort"])), None)
    ranked = sorted(entries, key=lambda e: (e["lot"], e["receipt"]))
    level, places = None, {reserve["name"]: reserve["places"] for reserve in rules["reserves"]}
    if rules["mode"] == "everyone":
        for e in ranked:
            e["amount"] = for_everybody(e, rules.get("funds"))
    if rules["mode"] == "share":
        level = share(ranked, **rules["goods"])
    if rules["mode"] == "lottery":
        lottery(ranked, rules["reserves"], places, rules["goods"]["budget"])
    place([e for e in ranked if e["amount"]], rules["slots"])
    return rules, ranked, level, places


def draw(folder):
    return "".join(result(e, rank) for rank, e in enumerate(drawn(folder)[1], 1))


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    recomputed = draw(folder)
    if "--print" in sys.argv:
        sys.stdout.write(recomputed)
    else:
        need(recomputed == (folder / "result.txt").read_text(), "result")
        print(f"matches: {len(recomputed.splitlines())} lines")
