import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['sms', 'telegram'] });
  desk = await Desk.open({ stage });
});
afterAll(() => stage?.close());

const telegram = () => lineOf(stage, 'telegram');

/** Whatever was written: the page has not grown beyond the window, and every bubble is inside the stream. */
async function holdsTogether(): Promise<void> {
  const outside = await desk.page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide`);
    if (root.scrollHeight > root.clientHeight) found.push(`the page is ${root.scrollHeight} px high`);
    const stream = document.getElementById('timeline')?.getBoundingClientRect();
    for (const bubble of document.querySelectorAll('#timeline article p')) {
      const { left, right } = bubble.getBoundingClientRect();
      if (stream && (left < stream.left - 1 || right > stream.right + 1))
        found.push(`a line from ${left} to ${right} in a stream from ${stream.left} to ${stream.right}`);
    }
    // What is cut with an ellipsis may be longer inside; the row around it may not.
    for (const row of document.querySelectorAll('[role="option"]'))
      if (row.scrollWidth > row.clientWidth || row.scrollHeight > row.clientHeight)
        found.push(`a row holds ${row.scrollWidth} × ${row.scrollHeight} px`);
    return found;
  });
  expect(outside).toEqual([]);
}

/** A customer of this name writes this, and it is opened: what it shows is in its row and in its bubble. */
async function receives(n: number, { name, text }: { name: string; text: string }, shown: string | RegExp) {
  const { simulator } = telegram();
  await simulator.customerWrites({ peer: simulator.peer(n), name, text });
  await desk.open(shown);
  await expect(desk.bubble(shown).first()).toBeVisible();
  await holdsTogether();
}

it('shows markup as the text that it is', async () => {
  const text =
    '<img src=x onerror="alert(1)"><script>alert(2)</script><a href="javascript:alert(3)">press</a> javascript:alert(4) <svg onload=alert(5)>';
  const name = '<b onmouseover="alert(6)">Boss</b>';
  await receives(1, { name, text }, '<script>alert(2)</script>');
  await expect(desk.bubble(text)).toHaveCount(1);
  await expect(desk.page.getByRole('heading', { name, level: 2 }).first()).toBeVisible();
  await desk.page.getByRole('heading', { name, level: 2 }).first().hover();
  expect(await desk.timeline.locator('img, script, svg [onload], [onerror]').count()).toBe(0);
  const links = await desk.timeline
    .getByRole('link')
    .evaluateAll((all) => all.map((each) => each.getAttribute('href')));
  expect(links).toEqual([]);
  // Our own text, answered with the same, goes out as it was written.
  await desk.answer(text);
  await expect(desk.tick('sent', desk.bubble(text))).toBeVisible();
  expect(sent(telegram(), text)).toHaveLength(1);
  expect(desk.complaints).toEqual([]);
});

it('links only to what a link may lead to', async () => {
  const text = 'See https://example.com/a?b=<c>&d="e" and write to help@example.com, data:text/html,hi';
  await receives(2, { name: 'Linker', text }, 'See https://example.com/a');
  const links = await desk.timeline
    .getByRole('link')
    .evaluateAll((all) => all.map((each) => [each.getAttribute('href'), each.getAttribute('rel')]));
  expect(links).toEqual([
    ['https://example.com/a?b=', 'noopener noreferrer'],
    ['mailto:help@example.com', null],
  ]);
});

it('does not let a name or a text turn the line around it', async () => {
  const name = 'exe.photo\u202egpj.\u2066Anna';
  await receives(3, { name, text: '\u202eevil\u202c \u2067turned\u2069 \u200b\u200bThe end' }, 'The end');
  await expect(desk.page.getByRole('heading', { name: 'exe.photogpj.Anna' }).first()).toBeVisible();
  const stray = await desk.page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3, bdi, title')]
      .map((each) => each.textContent ?? '')
      .filter((text) => /[\u202a-\u202e]/.test(text)),
  );
  expect(stray).toEqual([]);
  // What follows a text in its bubble stands where it always does.
  const time = desk.bubble('The end').getByRole('time').or(desk.bubble('The end').locator('time'));
  await expect(time.first()).toHaveText(/^\d\d:\d\d$/);
});

it('holds a text of many thousand characters, with and without a space', async () => {
  const { simulator } = lineOf(stage, 'sms');
  const words = `${'word '.repeat(3_990)}THE-END`;
  await simulator.customerWrites({ peer: simulator.peer(4), text: words });
  await expect(desk.row('word word')).toBeVisible();
  await desk.open('word word');
  await expect(desk.bubble('THE-END')).toBeVisible();
  await holdsTogether();
  const one = `X${'a'.repeat(19_990)}Z`;
  await simulator.customerWrites({ peer: simulator.peer(5), text: one });
  await expect(desk.row('Xaaa')).toBeVisible();
  await desk.open('Xaaa');
  await expect(desk.bubble('aaaZ')).toBeVisible();
  await holdsTogether();
});

it('takes emoji, joined letters, nothing that can be seen, and a tower of marks', async () => {
  await receives(6, { name: '👩‍👩‍👧‍👦', text: '👨‍👩‍👧‍👦🇮🇷👍🏽' }, '👨‍👩‍👧‍👦');
  const { simulator } = telegram();
  await simulator.customerWrites({ peer: simulator.peer(7), name: '\u200b\u200c', text: '\u200b' });
  // Of a name of which nothing is seen the address stands in its place.
  await desk.open(simulator.peer(7));
  await expect(desk.page.getByRole('heading', { name: simulator.peer(7) }).first()).toBeVisible();
  await expect(desk.timeline.getByRole('article')).toHaveCount(1);
  await holdsTogether();
  await receives(8, { name: 'Zalgo', text: `Z${'\u0335\u0321\u031b'.repeat(200)}algo` }, 'algo');
  await receives(9, { name: 'N'.repeat(250), text: 'A long name' }, 'A long name');
  await receives(10, { name: 'Line\nbreak\tand\u0000null', text: 'line\r\n\r\n\r\nbreak\u0007' }, 'break');
  expect(desk.complaints).toEqual([]);
});
