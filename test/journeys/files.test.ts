import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

const minute = 60_000;

/** A whole PNG of one pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Two seconds of silence: PCM, 8 kHz, one byte a sample. */
function silence(seconds = 2): Buffer {
  const samples = 8_000 * seconds;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['sms', 'telegram'] });
  const { simulator } = lineOf(stage, 'telegram');
  await simulator.customerWrites({
    peer: simulator.peer(1),
    name: 'Sara Ahmadi',
    text: 'Where is my order?',
  });
  const sms = lineOf(stage, 'sms').simulator;
  await sms.customerWrites({ peer: sms.peer(2), text: 'Only words here.' });
  desk = await Desk.open({ stage });
});
afterAll(async () => {
  await desk?.close();
  await stage?.close();
});

async function photograph(name: string): Promise<void> {
  const dir = process.env.PICTURES_DIR;
  if (dir) await desk.page.screenshot({ path: join(dir, `${name}.png`) });
}

/** What a hand brings: files, pasted into the text or dropped on the composer. */
async function bring(
  how: 'paste' | 'drop',
  files: { name: string; type: string; bytes: number[] | number }[],
) {
  const place = how === 'paste' ? desk.textbox : desk.composer;
  const data = await desk.page.evaluateHandle((brought) => {
    const transfer = new DataTransfer();
    for (const { name, type, bytes } of brought) {
      const body = typeof bytes === 'number' ? new Uint8Array(bytes) : Uint8Array.from(bytes);
      transfer.items.add(new File([body], name, { type }));
    }
    return transfer;
  }, files);
  if (how === 'drop') await place.dispatchEvent('drop', { dataTransfer: data });
  else
    await place.evaluate((element, clipboardData) => {
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, data);
}

const chip = (name: string) => desk.composer.getByRole('listitem').filter({ hasText: name });

describe('on a channel that carries files', () => {
  it(
    'what is pasted, dropped and picked leaves with its message',
    async () => {
      const { t } = desk;
      await desk.open('Where is my order?');
      await bring('paste', [{ name: 'receipt.png', type: 'image/png', bytes: [...picture] }]);
      await expect(chip('receipt.png').locator('img')).toBeVisible();
      await bring('drop', [
        { name: 'terms.txt', type: 'text/plain', bytes: [...Buffer.from('Thirty days.')] },
      ]);
      await expect(chip('terms.txt')).toBeVisible();
      const choosing = desk.page.waitForEvent('filechooser');
      await desk.button(t.composer.attach).click();
      await (await choosing).setFiles({ name: 'answer.wav', mimeType: 'audio/wav', buffer: silence() });
      await expect(chip('answer.wav')).toContainText('15.7 KB');
      await photograph('files-composer');

      // They stay while the agent looks elsewhere, and one may be taken out again.
      await desk.open('Only words here.');
      await expect(chip('receipt.png')).toBeHidden();
      await desk.open('Where is my order?');
      await expect(chip('receipt.png')).toBeVisible();
      await desk.button(t.composer.removeAttachment('terms.txt')).click();
      await expect(chip('terms.txt')).toBeHidden();

      await desk.answer('Here is the receipt.');
      const bubble = desk.bubble('Here is the receipt.');
      await expect(desk.tick('sent', bubble)).toBeVisible();
      await expect(chip('receipt.png')).toBeHidden();
      const { simulator } = lineOf(stage, 'telegram');
      const files = simulator
        .messages()
        .filter(({ direction }) => direction === 'toCustomer')
        .flatMap((message) => message.files ?? []);
      expect(files.map(({ name }) => name).sort()).toEqual(['answer.wav', 'receipt.png']);
      await photograph('files-sent');
    },
    minute,
  );

  it(
    'a picture opens in full, a voice is played, and both can be fetched',
    async () => {
      const { t } = desk;
      const bubble = desk.bubble('Here is the receipt.');
      const opener = bubble.getByRole('button', { name: t.timeline.openImage('receipt.png') });
      await opener.focus();
      await desk.page.keyboard.press('Enter');
      const viewer = desk.page.getByRole('dialog');
      await expect(viewer.getByRole('img', { name: 'receipt.png' })).toBeVisible();
      await expect(viewer.getByRole('link', { name: t.timeline.download })).toBeVisible();
      await photograph('files-viewer');
      await desk.page.keyboard.press('Escape');
      await expect(viewer).toBeHidden();
      await expect(opener).toBeFocused();

      const play = desk.button(t.timeline.play, bubble);
      await play.click();
      await expect
        .poll(() => bubble.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime))
        .toBeGreaterThan(0);
    },
    minute,
  );

  it('what is too large is refused before anything is sent', async () => {
    const { t } = desk;
    const asked: string[] = [];
    desk.page.on('request', (request) => {
      if (request.url().includes('/api/files?')) asked.push(request.url());
    });
    await bring('drop', [{ name: 'film.bin', type: 'application/octet-stream', bytes: 26 * 1024 * 1024 }]);
    await expect(desk.page.getByText(t.composer.fileTooLarge('film.bin', '25 MB'))).toBeVisible();
    await expect(chip('film.bin')).toBeHidden();
    expect(asked).toEqual([]);
  });
});

describe('on a channel that carries none', () => {
  it('a file is refused with its reason, and so is one attached for another channel', async () => {
    const { t } = desk;
    await desk.open('Only words here.');
    await bring('paste', [{ name: 'receipt.png', type: 'image/png', bytes: [...picture] }]);
    await expect(desk.page.getByRole('status').getByText(t.composer.noAttachments)).toBeVisible();
    await expect(chip('receipt.png')).toBeHidden();

    // A note goes to colleagues only: it may carry one, and then the reply may not.
    await desk.composer.getByRole('button', { name: t.composer.note, exact: true }).click();
    await bring('drop', [{ name: 'receipt.png', type: 'image/png', bytes: [...picture] }]);
    await expect(chip('receipt.png').locator('img')).toBeVisible();
    await desk.composer.getByRole('button', { name: t.composer.reply, exact: true }).click();
    await expect(desk.composer.getByRole('alert')).toHaveText(t.composer.noAttachments);
    await desk.textbox.fill('With a file');
    await expect(desk.button(t.composer.send)).toBeDisabled();
    await desk.button(t.composer.removeAttachment('receipt.png')).click();
    await desk.button(t.composer.send).click();
    await expect(desk.tick('delivered', desk.bubble('With a file'))).toBeVisible();
    expect(sent(lineOf(stage, 'sms'), 'With a file')).toHaveLength(1);
    expect(desk.complaints).toEqual([]);
  });
});
