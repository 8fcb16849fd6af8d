"""Print how this Python writes and reads every tenth of a gram up to 500 g, and odd milligrams."""

from yaguts_wire.codec import decode, encode
from yaguts_wire.limits import MAX_DOSE_MG
from yaguts_wire.values import grams, thousandths


def main():
    """One line for each amount: the number as written, and the milligrams read back from it."""
    for amounts in (range(0, 500_001, 100), range(1, 9_000_000, 98_765)):
        for mg in amounts:
            text = encode({"q": grams(mg)})
            print(text.decode(), thousandths(decode(text), "q", MAX_DOSE_MG) == mg)


if __name__ == "__main__":
    main()
