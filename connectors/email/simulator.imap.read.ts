/** How an IMAP client's commands are read from its bytes (RFC 3501 section 9, with LITERAL+ of RFC 7888). */

export type Token = string | Buffer | Token[];

export interface Command {
  tag: string;
  name: string;
  args: Token[];
}

/** A command line in pieces: text, and the literals between. */
type Pieces = (string | Buffer)[];

/** Cuts a connection's bytes into lines and literals. */
export class CommandReader {
  private buffered: Buffer = Buffer.alloc(0);
  private pieces: Pieces = [];
  private literal = -1;
  /** What a client sends outside of commands: DONE, the answer to a challenge. */
  private nextLine: ((line: string) => void) | null = null;

  constructor(private readonly on: { command: (pieces: Pieces) => void; goAhead: () => void }) {}

  /** The next line is not a command. */
  line(take: (line: string) => void): void {
    this.nextLine = take;
  }

  push(chunk: Buffer): void {
    this.buffered = this.buffered.byteLength ? Buffer.concat([this.buffered, chunk]) : chunk;
    while (this.step());
  }

  private step(): boolean {
    if (this.literal >= 0) {
      if (this.buffered.byteLength < this.literal) return false;
      this.pieces.push(Buffer.from(this.buffered.subarray(0, this.literal)));
      this.buffered = this.buffered.subarray(this.literal);
      this.literal = -1;
      return true;
    }
    const end = this.buffered.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.buffered.toString('latin1', 0, end);
    this.buffered = this.buffered.subarray(end + 2);
    if (this.nextLine && this.pieces.length === 0) {
      const take = this.nextLine;
      this.nextLine = null;
      take(line);
      return true;
    }
    const literal = /\{(\d+)(\+?)\}$/.exec(line);
    if (literal) {
      this.pieces.push(line.slice(0, literal.index));
      this.literal = Number(literal[1]);
      if (!literal[2]) this.on.goAhead();
      return true;
    }
    const { pieces } = this;
    this.pieces = [];
    this.on.command([...pieces, line]);
    return true;
  }
}

/** Throws with the sentence that a BAD answer carries. */
export function parseCommand(pieces: Pieces): Command {
  const tokens = new Tokens(pieces).list(null);
  const [tag, name, ...args] = tokens;
  if (typeof tag !== 'string' || typeof name !== 'string') throw new Error('A command has a tag and a name');
  if (name.toUpperCase() !== 'UID') return { tag, name: name.toUpperCase(), args };
  const [which, ...rest] = args;
  return { tag, name: `UID ${text(which).toUpperCase()}`, args: rest };
}

export function text(token: Token | undefined): string {
  if (typeof token === 'string') return token;
  if (Buffer.isBuffer(token)) return token.toString('utf8');
  throw new Error(token === undefined ? 'An argument is missing' : 'A list stands where a word should');
}

class Tokens {
  private piece = 0;
  private at = 0;

  constructor(private readonly pieces: Pieces) {}

  /** Up to the closing bracket, or to the end of the command. */
  list(close: ')' | null): Token[] {
    const found: Token[] = [];
    for (;;) {
      const piece = this.pieces[this.piece];
      if (piece === undefined) {
        if (close) throw new Error('A list is not closed');
        return found;
      }
      if (Buffer.isBuffer(piece)) {
        found.push(piece);
        this.next();
        continue;
      }
      const character = piece[this.at];
      if (character === undefined) this.next();
      else if (character === ' ') this.at += 1;
      else if (character === ')') {
        if (!close) throw new Error('A bracket closes nothing');
        this.at += 1;
        return found;
      } else if (character === '(') {
        this.at += 1;
        found.push(this.list(')'));
      } else if (character === '"') found.push(this.quoted(piece));
      else found.push(this.atom(piece));
    }
  }

  private next(): void {
    this.piece += 1;
    this.at = 0;
  }

  private quoted(piece: string): string {
    let value = '';
    for (this.at += 1; piece[this.at] !== '"'; this.at += 1) {
      if (piece[this.at] === '\\') this.at += 1;
      if (piece[this.at] === undefined) throw new Error('A quoted word is not closed');
      value += piece[this.at];
    }
    this.at += 1;
    return Buffer.from(value, 'latin1').toString('utf8');
  }

  /** `BODY.PEEK[HEADER.FIELDS (FROM TO)]<0.100>` is one. */
  private atom(piece: string): string {
    const start = this.at;
    let brackets = 0;
    for (; this.at < piece.length; this.at += 1) {
      const character = piece[this.at] ?? '';
      if (character === '[') brackets += 1;
      if (character === ']') brackets -= 1;
      if (brackets === 0 && /[ ()"]/.test(character)) break;
    }
    return piece.slice(start, this.at);
  }
}
