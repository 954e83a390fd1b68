"""The classifier: which of the ten things a picture shows.

It is a judge, not a product. Its logits say whether a sample is recognisable and its 64 features carry the
Fréchet distance, so it is trained with mild blur and noise: a network which has seen only perfect pictures
answers arbitrarily on imperfect ones. Note that it is easily satisfied, blobs are classified with
confidence; accuracy alone says little about samples.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import numpy as np
import torch
import torch.nn.functional as F

from degradations import gaussian_blur
from judge import Judge, fit
from pictures import as_tensor, labels_of, load_pictures


@torch.no_grad()
def accuracy(judge, pictures):
    """Fraction of uint8 pictures [N, 64, 64, 3] (classes cycling) classified correctly."""
    right = 0
    for start in range(0, len(pictures), 200):
        chosen = np.arange(start, min(start + 200, len(pictures)))
        right += (judge(as_tensor(pictures[chosen])).argmax(1).cpu() == labels_of(chosen)).sum().item()
    return right / len(pictures)


def main():
    options = runtime.arguments(__doc__, minutes=5.0, batch=48)
    torch.manual_seed(0)
    rng = np.random.default_rng(2)
    train, validation = load_pictures(options.work, 'train'), load_pictures(options.work, 'validation')

    def next_batch():
        chosen = np.sort(rng.integers(0, len(train), options.batch))
        pictures = as_tensor(train[chosen])
        if rng.random() < 0.5:
            pictures = gaussian_blur(pictures, 0.3 + rng.random())
        pictures = pictures + torch.randn_like(pictures) * 0.08 * rng.random()
        return pictures, labels_of(chosen).to(runtime.DEVICE)

    judge = Judge(10).to(runtime.DEVICE)
    log = runtime.Log(options.work / 'classifier.log.jsonl')
    log.path.unlink(missing_ok=True)
    steps = fit(judge, next_batch, F.cross_entropy, options.minutes * 60, log)
    runtime.save_atomically(judge.state_dict(), options.work / 'classifier.pt')
    log.write(steps=steps, validation_accuracy=accuracy(judge, validation))


if __name__ == '__main__':
    main()
