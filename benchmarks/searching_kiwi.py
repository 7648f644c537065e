"""Runs in the environment of requirements/bench-search.txt: texts to morphemes, one JSON line each way.

python searching_kiwi.py < lines      each line a list of texts; each answer the morphemes of each text,
the last line the seconds of CPU time.
"""

import json
import sys
import time

from kiwipiepy import Kiwi


def main() -> None:
    kiwi = Kiwi(num_workers=1)
    kiwi.tokenize("정부는 발표했다.")  # loads the model
    seconds = 0.0
    for line in sys.stdin:
        begin = time.process_time()
        texts = [
            " ".join(token.form.casefold() for token in kiwi.tokenize(text))
            for text in json.loads(line)
        ]
        seconds += time.process_time() - begin
        print(json.dumps(texts, ensure_ascii=False), flush=True)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
