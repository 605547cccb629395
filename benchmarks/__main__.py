"""The benchmarks: `./dev bench` lists them, `./dev bench NAME --help` says what one takes."""

from __future__ import annotations

import argparse

from benchmarks import notify, renewals, requests, subscribers, writes

BENCHMARKS = {
    "notify": notify,
    "renewals": renewals,
    "requests": requests,
    "subscribers": subscribers,
    "writes": writes,
}


def main() -> None:
    """Run the one that is named, or say which there are."""
    parser = argparse.ArgumentParser(prog="./dev bench", description="The benchmarks.")
    named = parser.add_subparsers(metavar="NAME")
    for name, module in BENCHMARKS.items():
        says = (module.__doc__ or "").partition("\n")[0]
        one = named.add_parser(name, help=says, description=says)
        module.add_arguments(one)
        one.set_defaults(run=module.run)
    chosen = parser.parse_args()
    if not hasattr(chosen, "run"):
        parser.print_help()
        return
    chosen.run(chosen)


if __name__ == "__main__":
    main()
