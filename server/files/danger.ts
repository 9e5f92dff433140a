import type { Danger } from '../../shared/message.ts';

/** Kept across chunks: longer than a zip entry's header with a name that is still looked at. */
const overlap = 2048;
const longestName = 1024;

const localHeader = Buffer.from('PK\x03\x04', 'latin1');
const centralHeader = Buffer.from('PK\x01\x02', 'latin1');
/** The stream in which Office keeps code, as the directory of an OLE file names it ([MS-OVBA] 2.2.1). */
const vbaStream = Buffer.from('_VBA_PROJECT', 'utf16le');
/** CLSID of an installer's database, at the root of an OLE file ([MS-CFB] 2.6.1, 000C1084-0000-0000-C000-000000000046). */
const installer = Buffer.from('84100c0000000000c000000000000046', 'hex');
const rtfObject = Buffer.from('\\objdata', 'latin1');

type Trait = Danger | 'ole macros' | 'ole installer' | 'rtf object';

/** What begins so is so, whatever it is called. */
const magic: readonly [hex: string, danger: Danger][] = [
  ['4d5a', 'program'], // MZ: Windows, DOS
  ['7f454c46', 'program'], // ELF
  ['feedface', 'program'], // Mach-O, in its spellings
  ['feedfacf', 'program'],
  ['cefaedfe', 'program'],
  ['cffaedfe', 'program'],
  ['cafebabe', 'program'], // Mach-O of several kinds; a Java class
  ['6465780a', 'program'], // Android's dex
  ['0061736d', 'program'], // WebAssembly
  ['49545346', 'program'], // compiled help
  ['4c0000000114020000000000c000000000000046', 'shortcut'], // [MS-SHLLINK] 2.1
  ['4d534346', 'image'], // cabinet
  ['78617221', 'image'], // xar: a package of macOS
  ['edabeedb', 'image'], // RPM
  ['213c617263683e0a64656269616e', 'image'], // deb
  ['636f6e6563746978', 'image'], // VHD
  ['7668647866696c65', 'image'], // VHDX
  ['e4525c7b8cd8a74daeb15378d02996d3', 'embedded'], // OneNote, whose pages carry files ([MS-ONESTORE] 2.3.1)
];

/** Names by which a system runs what is inside, even when that is no program by itself. */
const runs =
  /\.(exe|scr|com|pif|cpl|dll|sys|msi|msp|msix|appx|bat|cmd|vbs|vbe|jse|wsf|wsh|hta|ps1|psm1|reg|lnk|scf|inf|jar|apk|chm|iso|img|vhdx?)$/i;
const scripts =
  /\.(bat|cmd|vbs|vbe|js|jse|mjs|wsf|wsh|hta|ps1|psm1|reg|url|website|desktop|command|sh|scf|inf|iqy|slk|settingcontent-ms|library-ms|search-ms)$/i;

/** Looks at the bytes of a file as they pass. */
export class DangerScan {
  private tail = Buffer.alloc(0);
  private readonly traits = new Set<Trait>();

  add(chunk: Uint8Array): void {
    const window = Buffer.concat([this.tail, chunk]);
    this.zipNames(window, localHeader, { length: 26, name: 30 });
    this.zipNames(window, centralHeader, { length: 28, name: 46 });
    if (window.includes(vbaStream)) this.traits.add('ole macros');
    if (window.includes(installer)) this.traits.add('ole installer');
    if (window.includes(rtfObject)) this.traits.add('rtf object');
    this.tail = Buffer.from(window.subarray(-overlap));
  }

  /** Zip archives say the names of what is inside in the clear, also when it is encrypted, and also behind a picture. */
  private zipNames(window: Buffer, header: Buffer, at: { length: number; name: number }): void {
    for (let from = window.indexOf(header); from >= 0; from = window.indexOf(header, from + 4)) {
      if (from + at.name > window.length) return;
      const length = window.readUInt16LE(from + at.length);
      const end = from + at.name + length;
      // What is cut off here stands whole in the next window; what is longer than any honest name hides something.
      if (end > window.length && length <= longestName) continue;
      const trait =
        length > longestName ? 'archive' : traitOfEntry(window.toString('utf8', from + at.name, end));
      if (trait) this.traits.add(trait);
    }
  }

  /** @param file.name what a system would run it by, once it is saved */
  verdict(file: { type: string; name: string; head: Buffer }): Danger | null {
    const { type, name, head } = file;
    const known = magic.find(([hex]) => head.subarray(0, hex.length / 2).toString('hex') === hex);
    if (known) return known[1];
    // ISO 9660 says so behind sixteen empty sectors (ECMA-119, 8.1).
    if (head.toString('latin1', 0x8001, 0x8006) === 'CD001' || type === 'application/x-apple-diskimage')
      return 'image';
    const ole = type === 'application/x-cfb' || type === 'application/x-msi';
    if (ole && this.traits.has('ole installer')) return 'image';
    if (ole && this.traits.has('ole macros')) return 'macros';
    // Word opens what begins with as little as this.
    if (head.toString('latin1', 0, 4) === '{\\rt' && this.traits.has('rtf object')) return 'embedded';
    for (const danger of ['program', 'macros', 'archive'] as const)
      if (this.traits.has(danger)) return danger;
    if (type === 'text/plain') return dangerOfText(textOf(head), name);
    return type === 'application/octet-stream' && runs.test(name)
      ? (dangerOfText(textOf(head), name) ?? 'program')
      : null;
  }
}

function traitOfEntry(name: string): Trait | null {
  if (/(^|\/)vbaProject\.bin$/i.test(name) || /(^|\/)xl\/macrosheets\//i.test(name)) return 'macros';
  // OpenDocument keeps its code there.
  if (/^Basic\/.+\.xml$/.test(name)) return 'macros';
  if (/^(META-INF\/MANIFEST\.MF|AndroidManifest\.xml|classes\.dex|AppxManifest\.xml)$/i.test(name))
    return 'program';
  // A script among many files is somebody's website; one on top is there to be opened.
  return runs.test(name) || /^[^/\\]+\.js$/i.test(name) ? 'archive' : null;
}

function textOf(head: Buffer): string {
  const wide = head[0] === 0xff && head[1] === 0xfe;
  return head.toString(wide ? 'utf16le' : 'utf8', 0, 16 * 1024).replace(/^\uFEFF/, '');
}

function dangerOfText(text: string, name: string): Danger | null {
  if (/^\s*\[(InternetShortcut|Desktop Entry|Shell)\]/i.test(text) || /<hta:application/i.test(text))
    return 'shortcut';
  if (/^#!/.test(text) || /^\s*@?echo off\b/im.test(text.slice(0, 200))) return 'script';
  if (/^\s*(Windows Registry Editor|REGEDIT4)/.test(text)) return 'script';
  if (/<(job|package)\b[^>]*>[\s\S]*<script\b/i.test(text)) return 'script';
  return scripts.test(name) ? 'script' : null;
}
