// What page, service worker and build agree on.

export interface OfflineFile {
  /** From the page's folder; the page itself is "". */
  readonly name: string;
  /** SHA-256 in base64. */
  readonly hash: string;
  /** Nobody needs it who computes with another one. */
  readonly backend?: string;
}

export type Message =
  /** Keep the files of this backend too, and any that a browser has thrown away meanwhile. */
  | { readonly kind: "keep"; readonly backend: string | undefined }
  /** Serve the page from now on, unless another tab uses the version before; answers whether it will. */
  | { readonly kind: "take-over" };
