// The sample folders of a run that was made elsewhere: a row each, pictures of the same index below each other.

import { type CSSProperties, useEffect, useState } from "react";
import { plural } from "../../core/format.ts";
import { COLUMNS } from "../../state/labels.ts";
import { commonIndices, type FolderFile, type PictureRow } from "../../state/run-folder.ts";
import { Card } from "../parts/card.tsx";
import { Icon } from "../parts/icon.tsx";

export function ElsewherePictures({ rows }: { readonly rows: readonly PictureRow[] }) {
  const [page, setPage] = useState(0);
  const indices = commonIndices(rows);
  const last = Math.max(0, Math.ceil(indices.length / COLUMNS) - 1);
  const at = Math.min(page, last);
  const shown = indices.slice(at * COLUMNS, (at + 1) * COLUMNS);
  return (
    <Card
      title="Pictures of the folder"
      className="samples"
      about={`${plural(rows.length, "sample folder")}, ${plural(indices.length, "picture")} that ${rows.length === 1 ? "it has" : "all of them have"}; equal indices below each other`}
      tools={
        last > 0 && (
          <>
            <button type="button" className="button" disabled={at === 0} onClick={() => setPage(at - 1)}>
              <Icon name="left" />
              Earlier
            </button>
            <button type="button" className="button" disabled={at === last} onClick={() => setPage(at + 1)}>
              Later
              <Icon name="right" />
            </button>
          </>
        )
      }
    >
      {shown.length === 0 && <p className="empty">No index is in every folder, so there is nothing to compare.</p>}
      <div className="grid" style={{ "--columns": COLUMNS } as CSSProperties}>
        <div className="grid-head" aria-hidden="true">
          <span />
          <div className="tiles">
            {shown.map((index) => (
              <span key={index} className="class-name">
                {index}
              </span>
            ))}
          </div>
        </div>
        {rows.map(({ name, pictures }) => (
          <section key={name} className="grid-row" aria-label={name}>
            <div className="grid-label">
              <h3>{name}</h3>
              <p className="muted small">{plural(pictures.size, "picture")}</p>
            </div>
            <div className="tiles">
              {shown.map((index) => (
                <FilePicture key={index} file={pictures.get(index) as FolderFile} alt={`${name}, picture ${index}`} />
              ))}
            </div>
          </section>
        ))}
      </div>
    </Card>
  );
}

function FilePicture({ file, alt }: { readonly file: FolderFile; readonly alt: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let left = false;
    let made: string | undefined;
    file.open().then(
      (opened) => {
        if (left) return;
        made = URL.createObjectURL(opened);
        setUrl(made);
      },
      () => setUrl(undefined), // it was removed since the folder was listed
    );
    return () => {
      left = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [file]);
  return <span className="tile">{url && <img className="picture" src={url} alt={alt} />}</span>;
}
