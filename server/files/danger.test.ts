import { describe, expect, it } from 'vitest';
import type { Danger } from '../../shared/message.ts';
import { DangerScan } from './danger.ts';

function look(
  bytes: Uint8Array,
  about: { type?: string; name?: string; chunk?: number } = {},
): Danger | null {
  const scan = new DangerScan();
  const size = about.chunk ?? 64 * 1024;
  for (let at = 0; at < bytes.length; at += size) scan.add(bytes.subarray(at, at + size));
  return scan.verdict({
    type: about.type ?? 'application/octet-stream',
    name: about.name ?? 'invoice.pdf',
    head: Buffer.from(bytes.subarray(0, 64 * 1024)),
  });
}

/** A zip as far as names go: a local header for each entry, its content as it is. */
function zip(entries: Record<string, string>): Buffer {
  return Buffer.concat(
    Object.entries(entries).map(([name, content]) => {
      const header = Buffer.alloc(30);
      header.writeUInt32LE(0x04034b50, 0);
      header.writeUInt32LE(Buffer.byteLength(content), 18);
      header.writeUInt16LE(Buffer.byteLength(name), 26);
      return Buffer.concat([header, Buffer.from(name), Buffer.from(content)]);
    }),
  );
}
const hex = (text: string) => Buffer.concat([Buffer.from(text, 'hex'), Buffer.alloc(64)]);
const text = (content: string, name: string) => look(Buffer.from(content), { type: 'text/plain', name });
const ole = (inside: Buffer) =>
  Buffer.concat([hex('d0cf11e0a1b11ae1'), Buffer.alloc(4096), inside, Buffer.alloc(99)]);

describe('a file that may do harm', () => {
  it.each<[string, string, Danger]>([
    ['a Windows program', '4d5a9000', 'program'],
    ['a Linux program', '7f454c46', 'program'],
    ['a macOS program', 'cffaedfe', 'program'],
    ['a Java class', 'cafebabe', 'program'],
    ['an Android program', '6465780a', 'program'],
    ['a shortcut', '4c0000000114020000000000c000000000000046', 'shortcut'],
    ['a cabinet', '4d534346', 'image'],
    ['a notebook with files in it', 'e4525c7b8cd8a74daeb15378d02996d3', 'embedded'],
  ])('is known by how it begins, and not by its name: %s', (_what, begins, danger) => {
    expect(look(hex(begins), { name: 'receipt.pdf' })).toBe(danger);
    expect(look(hex(begins), { name: 'photo.jpg', type: 'image/jpeg' })).toBe(danger);
  });

  it('is a disk image, which says so only behind sixteen sectors', () => {
    const iso = Buffer.alloc(40_000);
    iso.write('CD001', 0x8001, 'latin1');
    expect(look(iso)).toBe('image');
  });

  it.each<[string, Record<string, string>, Danger | null]>([
    ['a document', { '[Content_Types].xml': '', 'word/document.xml': '' }, null],
    ['a document with code', { '[Content_Types].xml': '', 'word/vbaProject.bin': 'x' }, 'macros'],
    ['a table with old code', { 'xl/workbook.xml': '', 'xl/macrosheets/sheet1.xml': '' }, 'macros'],
    ['an open document', { mimetype: '', 'META-INF/manifest.xml': '' }, null],
    ['an open document with code', { mimetype: '', 'Basic/Standard/Module1.xml': '' }, 'macros'],
    ['a Java archive', { 'META-INF/MANIFEST.MF': '', 'A.class': '' }, 'program'],
    ['an Android package', { 'AndroidManifest.xml': '', 'classes.dex': '' }, 'program'],
    ['pictures', { 'a.jpg': '', 'عکس.png': '' }, null],
    ['a program among pictures', { 'a.jpg': '', 'folder/رسید.pdf.exe': '' }, 'archive'],
    ['a script on top', { 'invoice.js': '' }, 'archive'],
    ['a website', { 'index.html': '', 'assets/app.js': '' }, null],
  ])('is seen inside an archive: %s', (_what, entries, danger) => {
    const bytes = zip(entries);
    for (const chunk of [1, 7, 64 * 1024])
      expect(look(bytes, { type: 'application/zip', name: 'x.zip', chunk })).toBe(danger);
  });

  it('is seen behind a picture, and in the list of an archive alone', () => {
    const picture = Buffer.concat([hex('ffd8ffe0'), zip({ 'META-INF/MANIFEST.MF': '' })]);
    expect(look(picture, { type: 'image/jpeg', name: 'a.jpg' })).toBe('program');
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(7, 28);
    expect(look(Buffer.concat([zip({ 'a.txt': '' }), central, Buffer.from('run.exe')]))).toBe('archive');
  });

  it('is an old document with code, or an installer in the same clothes', () => {
    const type = 'application/x-cfb';
    expect(look(ole(Buffer.alloc(10)), { type })).toBeNull();
    expect(look(ole(Buffer.from('_VBA_PROJECT_CUR', 'utf16le')), { type, chunk: 1000 })).toBe('macros');
    const msi = ole(Buffer.from('84100c0000000000c000000000000046', 'hex'));
    expect(look(msi, { type, chunk: 1000 })).toBe('image');
  });

  it('is rich text with an object in it', () => {
    expect(text('{\\rtf1 {\\object {\\*\\objdata 01050000}}}', 'letter.doc')).toBe('embedded');
    expect(text('{\\rtf1 hello}', 'letter.rtf')).toBeNull();
  });

  it.each<[string, string, Danger | null]>([
    ['#!/bin/sh\nrm -rf ~', 'readme.txt', 'script'],
    ['@echo off\r\ndel *.*', 'readme.txt', 'script'],
    ['<html><HTA:APPLICATION id="a"><script>x</script>', 'page.html', 'shortcut'],
    ['[InternetShortcut]\r\nURL=file://evil.example/x.exe', 'offer.txt', 'shortcut'],
    ['[Desktop Entry]\nExec=sh -c x', 'a', 'shortcut'],
    ['Windows Registry Editor Version 5.00', 'a.txt', 'script'],
    ['<job id="a"><script language="VBScript">x</script></job>', 'a.txt', 'script'],
    ['CreateObject("WScript.Shell").Run "calc"', 'invoice.pdf.vbs', 'script'],
    ['WScript.Echo(1)', 'فاکتور.js', 'script'],
    ['<!doctype html><p>hello</p>', 'page.html', null],
    ['<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>', 'a.svg', null],
    ['سلام، فاکتور را فرستادم', 'note.txt', null],
    ['echo in a sentence is no command', 'note.txt', null],
  ])('is a text that a system would run: %s', (content, name, danger) => {
    expect(text(content, name)).toBe(danger);
  });

  it('is bytes that nobody knows under a name by which they would be run', () => {
    expect(look(Buffer.from([0x90, 0xc3, 0, 1]), { name: 'setup.com' })).toBe('program');
    expect(look(Buffer.from([0x90, 0xc3, 0, 1]), { name: 'data.bin' })).toBeNull();
  });

  it('hides in no name that is too long to be looked at', () => {
    expect(look(zip({ [`${'a'.repeat(2000)}.exe`]: '' }), { chunk: 100 })).toBe('archive');
  });
});
