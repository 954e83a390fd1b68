"""Draws the figures of the model card and writes its text: python3 card.py --work DIR --model FOLDER."""
import runtime  # noqa: F401  (first: it sets the environment)

import json
import math
from pathlib import Path

import cairo
import torch

from evaluate import draw_samples
from package import Package
from pictures import as_bytes, as_tensor, load_pictures, save_sheet
from render import CLASSES
from variants import MAIN

CARD, VARIANT_CARD = (Path(__file__).with_name(name) for name in ('card.md', 'card-variant.md'))


def draw_curve(rows, path, width=640, height=280):
    """Loss against pictures seen, both axes logarithmic, the stable and the decaying phase in two colours."""
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
    pen = cairo.Context(surface)
    pen.set_source_rgb(1, 1, 1)
    pen.paint()
    left, right, top, bottom = 56, width - 16, 16, height - 40
    x_range = math.log10(rows[0]['pictures']), math.log10(rows[-1]['pictures'])
    losses = [row['loss'] for row in rows]
    y_range = math.log10(min(losses) * 0.97), math.log10(max(losses) * 1.03)

    def place(pictures, loss):
        x = (math.log10(pictures) - x_range[0]) / (x_range[1] - x_range[0])
        y = (math.log10(loss) - y_range[0]) / (y_range[1] - y_range[0])
        return left + x * (right - left), bottom - y * (bottom - top)

    pen.set_font_size(11)
    for loss in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
        if y_range[0] <= math.log10(loss) <= y_range[1]:
            y = place(rows[0]['pictures'], loss)[1]
            _label(pen, 14, y + 4, f'{loss:g}', (left, y, right, y))
    for pictures in (1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6):
        if x_range[0] <= math.log10(pictures) <= x_range[1]:
            x = place(pictures, losses[0])[0]
            _label(pen, x - 14, bottom + 16, f'{pictures / 1000:g}k', (x, top, x, bottom))
    _label(pen, left, height - 8, 'pictures seen; mean squared error of v; blue stable rate, red decay')
    for phase, colour in (('stable', (.16, .4, .8)), ('decay', (.85, .25, .2))):
        points = [place(row['pictures'], row['loss']) for row in rows if row['phase'] == phase]
        pen.set_source_rgb(*colour)
        for index, point in enumerate(points):
            (pen.line_to if index else pen.move_to)(*point)
        pen.set_line_width(1.5)
        pen.stroke()
    surface.write_to_png(str(path))


def _label(pen, x, y, text, rule=None):
    """Grey text, with an optional hairline."""
    if rule:
        pen.set_source_rgb(.88, .88, .88)
        pen.set_line_width(1)
        pen.move_to(*rule[:2])
        pen.line_to(*rule[2:])
        pen.stroke()
    pen.set_source_rgb(.3, .3, .3)
    pen.move_to(x, y)
    pen.show_text(text)


def draw_sheets(package, work, folder):
    """samples.png (a column per class) and, of a model with an autoencoder of its own, the data and reconstructions."""
    save_sheet(list(as_bytes(draw_samples(package, 100, package.sample, seed=3))), 10, folder / 'samples.png')
    if package.borrows:
        return
    train, validation = load_pictures(work, 'train'), load_pictures(work, 'validation')
    save_sheet(list(train[:100]), 10, folder / 'pictures.png')
    originals = validation[:30]
    with torch.no_grad():
        rebuilt = as_bytes(package.autoencoder.decode(package.autoencoder.encode(as_tensor(originals))))
    rows = []
    for start in range(0, 30, 10):
        rows += list(originals[start:start + 10]) + list(rebuilt[start:start + 10])
    save_sheet(rows, 10, folder / 'reconstructions.png')


def describe_ladders(ladders):
    """One sentence a ladder: see evaluate.climb."""
    def sentence(name, ladder):
        real = ladder['prefersRealTo']
        return (f"- {name}, {len(ladder['rungs'])} rungs: rank correlation {ladder['strengthRankCorrelation']:.2f}; "
                f"the real picture preferred to {real[0]:.1%} of the best rung and to {real[-1]:.1%} of the worst")

    return '\n'.join(sentence(name, ladder) for name, ladder in ladders.items())


def fill_card(package, last_loss, evaluation):
    """The card's text: its template with {figures} filled in."""
    manifest = package.manifest
    provenance, block = manifest['provenance'], package.denoiser.blocks[0].attn
    frechet, accuracy, quality = (evaluation[k] for k in ('frechetDistance', 'classAccuracy', 'quality'))
    sizes = sum(entry['bytes'] for name, entry in manifest['files'].items() if not name.startswith('../'))
    return (VARIANT_CARD if package.borrows else CARD).read_text().format(
        title=manifest['name'], process=package.process.ABOUT, guided=package.guided,
        width=block.proj.out_features, depth=len(package.denoiser.blocks), heads=block.heads,
        classes=', '.join(CLASSES), megabytes=sizes / 1e6, pictures=provenance['pictures'],
        steps=provenance['steps'], minutes=provenance['trainingMinutes'], date=provenance['date'],
        loss=last_loss, channels=package.channels,
        psnr=evaluation['autoencoder']['heldOutPsnr'], accuracy=accuracy, frechet=frechet,
        rank=quality['heldOutRankCorrelation'],
        strength=quality['strengthRankCorrelation'], ladders=describe_ladders(evaluation['ladders']),
        prefers=quality['prefersRealTo'], score=quality['meanScore'])


def main():
    options = runtime.arguments(__doc__, model='export/' + MAIN)
    folder = Path(options.model)
    package = Package(folder)
    draw_sheets(package, options.work, folder)
    rows = runtime.Log(options.work / 'transformer.log.jsonl').read()
    if len(rows) > 1 and not package.borrows:
        draw_curve(rows, folder / 'training-curve.png')
    evaluation = json.loads((folder / 'evaluation.json').read_text())
    (folder / 'MODEL_CARD.md').write_text(fill_card(package, rows[-1]['loss'], evaluation))


if __name__ == '__main__':
    main()
