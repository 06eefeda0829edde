#!/usr/bin/env python3
"""Recompute what followed a draw of jebi: who caught up, and to whom was offered what became free.

    python3 jebi_after.py DIR          compare with DIR/offers.txt: exit 0 if identical, 1 if not
    python3 jebi_after.py DIR --print  print the recomputed offers.txt instead

Written from SPEC.md §14 to be read beside it, on top of jebi_verify.py, which is for the draw itself.
What the municipality says about entries is taken from offers.txt, shifts from after-journal.txt.
"""
import pathlib, sys

from jebi_verify import drawn, for_everybody, later, lottery, need, place, seconds_of, text_of


class Course:
    def __init__(self, folder):
        self.rules, self.ranked, self.level, self.places = drawn(folder)
        self.after = self.rules.get("after", {"catch_up": [], "offers_at": [], "lead_seconds": 0})
        for s in self.after["catch_up"]:
            s["starts_at"] = seconds_of(s["starts_at"])
        self.slots = self.rules["slots"] + self.after["catch_up"]
        self.offers = 0
        for e in self.ranked:
            e["caught_up"] = False
            if e["slot"]:
                self.hold(e)
            else:
                self.free(e, "waitlisted")

    def hold(self, e):
        e["state"], e["until"] = "placed", later(e["start"], self.rules["grace_seconds"])

    def free(self, e, state):
        if e["reserve"]:
            self.places[e["reserve"]] += e["seats"]
        e.update(state=state, slot=None, amount=0, reserve=None)

    def shift(self, instant, seconds):
        for s in self.slots:
            if s["starts_at"] >= instant:
                s["starts_at"] = later(s["starts_at"], seconds)
        for e in (e for e in self.ranked if e["state"] == "placed"):
            if max(e["start"], e["until"] - 1) >= instant:
                e["until"] = later(e["until"], seconds)
            if e["start"] >= instant:
                e["start"] = later(e["start"], seconds)

    def extend(self, first, last, seconds):
        for e in (e for e in self.ranked if e["state"] == "placed"):
            if e["start"] <= last and e["until"] > first:
                e["until"] = later(e["until"], seconds)

    def left(self, s):
        return s["capacity"] - sum(e["seats"] for e in self.ranked if e["slot"] is s)

    def fill(self, entries, slots):
        """Who of the entries, in rank order, found one of the slots."""
        copies = [dict(s, capacity=self.left(s), of=s) for s in slots]
        place(entries, copies)
        found = [e for e in entries if e["slot"]]
        for e in found:
            e["slot"] = e["slot"]["of"]
            self.hold(e)
        return found

    def offer(self, facts):
        need(self.offers < len(self.after["offers_at"]), "an offer without a time")
        instant = seconds_of(self.after["offers_at"][self.offers])
        self.offers += 1
        is_open = [s for s in self.slots if s["starts_at"] >= later(instant, self.after["lead_seconds"])]
        for receipt, kind in facts.items():
            e = next((e for e in self.ranked if e["receipt"] == receipt), {"state": "not there"})
            states = ("placed", "waitlisted") if kind == "ineligible" else ("placed",)
            need(e["state"] in states, f"{receipt} is {e['state']}")
            need(kind != "missed" or e["until"] <= instant, f"{receipt} is still held")
        about = [e for e in self.ranked if e["receipt"] in facts]
        lapsed = [e for e in about if facts[e["receipt"]] == "missed" and e["caught_up"]]
        again = [e for e in about if facts[e["receipt"]] == "missed" and not e["caught_up"]]
        for e in about:  # step 1
            if e not in again:
                self.free(e, "ended")
        moves = [(e, "lapsed") for e in lapsed]
        for e in again:  # step 2
            e["slot"] = None
        found = self.fill(again, [s for s in is_open if s in self.after["catch_up"]])
        for e in again:
            e["caught_up"] = True
            moves.append((e, "caught_up" if e in found else "lapsed"))
            if e not in found:
                self.free(e, "ended")
        waiting = [e for e in self.ranked if e["state"] == "waitlisted"]
        self.reach(waiting, is_open)  # step 3
        reached = [e for e in waiting if e["amount"]]
        found = self.fill(reached, is_open)  # step 4
        for e in reached:
            if e not in found:
                self.free(e, "waitlisted")
        moves += [(e, "assigned") for e in found]
        return "".join(self.move(e, kind) for e, kind in moves)

    def reach(self, waiting, is_open):
        def room(e):
            left = [self.left(s) for s in is_open if s["cohort"] == e["cohort"]]
            before = sum(o["seats"] for o in waiting if o["amount"] and o["cohort"] == e["cohort"])
            return max(left, default=0) >= e["seats"] and sum(left) >= before + e["seats"]

        money = self.rules["goods"]["budget"] - sum(e["amount"] for e in self.ranked)
        if self.rules["mode"] == "lottery":
            lottery(waiting, self.rules["reserves"], self.places, money, room)
        for e in waiting if self.rules["mode"] != "lottery" else ():
            if room(e) and self.rules["mode"] == "everyone":
                e["amount"] = for_everybody(e, self.rules.get("funds"))
            elif room(e):
                given = min(e["want"], max(self.level, self.rules["goods"]["unit"]))
                e["amount"] = given if given <= money else 0
                money -= e["amount"]

    def move(self, e, kind):
        if kind == "lapsed":
            return f"+ {e['receipt']} lapsed - - -\n"
        return f"+ {e['receipt']} {kind} {e['slot']['name']} {text_of(e['start'])} {e['amount']}\n"

    def where(self, e):
        placed = e["slot"] and f"{e['slot']['name']} {text_of(e['start'])} {text_of(e['until'])} {e['amount']}"
        return f"{e['receipt']} {placed or e['state']}\n"


def recomputed(folder, course):
    out = ""
    blocks = (folder / "offers.txt").read_text().split("offer ")[1:]
    for line in (folder / "after-journal.txt").read_text().splitlines():
        _, _, _, kind, _, *fields = line.split(" ")
        fields = dict(field.split("=", 1) for field in fields)
        if kind == "shifted":
            course.shift(seconds_of(fields["from"]), int(fields["seconds"]))
            continue
        if kind == "extended":
            course.extend(*(seconds_of(fields[name]) for name in ("from", "until")), int(fields["seconds"]))
            continue
        number, *lines = blocks.pop(0).splitlines()
        said = [line for line in lines if line.startswith("- ")]
        out += f"offer {number}\n" + "".join(line + "\n" for line in said)
        out += course.offer(dict(line.split(" ")[1:] for line in said))
    need(not blocks, "a block without an event")
    return out


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    text = recomputed(folder, Course(folder))
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        need(text == (folder / "offers.txt").read_text(), "offers")
        print(f"matches: {len(text.splitlines())} lines")
