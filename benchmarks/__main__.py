"""The benchmarks of the whole job and what belongs to it, part by part.

python -m benchmarks [--only whole,cores,second,growth,startup] [--pages 2000] [--rounds 3] [--client NAME]
python -m benchmarks --profile [--pages 2000]

The first run makes environments for the other clients in .bench/. docs/benchmarks.md says what is measured.
"""

from __future__ import annotations

import argparse

from benchmarks import whole

PARTS = ("whole", "cores", "second", "growth", "startup")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--only", default=",".join(PARTS), help="which parts, parted by commas")
    parser.add_argument("--pages", type=int, default=2000, help="articles on the portal")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--client", action="append", choices=whole.CLIENTS, metavar="NAME",
                        help=f"for the whole job: {', '.join(whole.CLIENTS)}; may be given again")  # fmt: skip
    parser.add_argument(
        "--profile", action="store_true", help="say where gisa's CPU time goes, and nothing else"
    )
    chosen = parser.parse_args()
    parts = chosen.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"--only: {', '.join(sorted(unknown))} is none of {', '.join(PARTS)}")
    if chosen.profile:
        from benchmarks import whole_profile

        whole_profile.main(chosen.pages)
        return
    for part in parts:
        print(f"\n## {part}\n", flush=True)
        _run(part, chosen)


def _run(part: str, chosen: argparse.Namespace) -> None:
    if part == "whole":
        clients = [name for name in whole.CLIENTS if name in (chosen.client or whole.CLIENTS)]
        whole.main(chosen.pages, chosen.rounds, clients)
    elif part == "cores":
        from benchmarks import cores

        cores.main(chosen.pages, chosen.rounds)
    elif part == "second":
        from benchmarks import second

        second.main(chosen.pages, chosen.rounds)
    elif part == "growth":
        from benchmarks import growth

        growth.main(chosen.pages // 4, chosen.rounds)
    else:
        from benchmarks import startup

        startup.measure(5 * chosen.rounds)


if __name__ == "__main__":
    main()
