// Reads JSON of a known form and nothing else. JSON.parse is too kind for files from strangers: it accepts a key
// twice, rounds large integers, takes 1.0 for 1 and recurses as deep as the file says.

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /^(?:0|[1-9]\d*)$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A cursor over one JSON text. @throws SyntaxError saying what stands where. */
export class JsonScanner {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  /** Calls `visit` behind each "key": it must read the value. Keys come at most once. */
  object(visit: (key: string) => void): void {
    const seen = new Set<string>();
    this.#list("{", "}", () => {
      const key = this.string();
      if (seen.has(key)) this.#fail(`the key ${JSON.stringify(key)} for the second time`);
      seen.add(key);
      this.#expect(":");
      visit(key);
    });
  }

  array(visit: () => void): void {
    this.#list("[", "]", visit);
  }

  string(): string {
    const from = this.#peek() === '"' ? this.#at : this.#fail("no string");
    let end = from + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    let value: string;
    try {
      value = JSON.parse(this.#text.slice(from, end + 1)) as string;
    } catch {
      return this.#fail("a broken string");
    }
    if (LONE_SURROGATE.test(value)) this.#fail("half a character");
    this.#at = end + 1;
    return value;
  }

  /** A whole number in 0 … 2^53 - 1, written without sign, point or exponent. */
  count(): number {
    const text = this.#number();
    const value = Number(text);
    return INTEGER.test(text) && Number.isSafeInteger(value) ? value : this.#fail(`${text}, not an integer >= 0`);
  }

  /** True when the next value is `null`, which is then read. */
  null(): boolean {
    return this.#word("null");
  }

  /** Reads any value. */
  skip(): void {
    const next = this.#peek();
    if (next === "{") this.object(() => this.skip());
    else if (next === "[") this.array(() => this.skip());
    else if (next === '"') this.string();
    else if (!["true", "false", "null"].some((word) => this.#word(word))) this.#number();
  }

  /** @throws SyntaxError unless only white space is left. */
  end(): void {
    if (this.#peek() !== undefined) this.#fail("more text");
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (++this.#depth > this.#maxDepth) this.#fail(`nesting deeper than ${this.#maxDepth}`);
    if (this.#peek() !== close) {
      item();
      while (this.#peek() === ",") {
        this.#at++;
        item();
      }
    }
    this.#expect(close);
    this.#depth--;
  }

  #number(): string {
    this.#peek();
    NUMBER.lastIndex = this.#at;
    const text = NUMBER.exec(this.#text)?.[0] ?? this.#fail("no number");
    this.#at += text.length;
    return text;
  }

  #word(word: string): boolean {
    this.#peek();
    const found = this.#text.startsWith(word, this.#at);
    if (found) this.#at += word.length;
    return found;
  }

  #expect(character: string): void {
    if (this.#peek() !== character) this.#fail(`no ${character}`);
    this.#at++;
  }

  /** The next character that is not white space. */
  #peek(): string | undefined {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "end")) this.#at++;
    return this.#text[this.#at];
  }

  #fail(found: string): never {
    throw new SyntaxError(`${found} at character ${this.#at}`);
  }
}
