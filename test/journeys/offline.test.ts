import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ leaseMs: 2_000, channels: ['telegram'] });
});
afterAll(() => stage?.close());

const telegram = () => lineOf(stage, 'telegram');

async function writes(n: number, text: string): Promise<void> {
  const { simulator } = telegram();
  await simulator.customerWrites({ peer: simulator.peer(n), name: `Customer ${n}`, text });
}

async function conversation(n: number): Promise<Desk> {
  const desk = await Desk.open({ stage });
  await writes(n, `Is anybody there? ${n}`);
  await desk.open(`Is anybody there? ${n}`);
  await expect(desk.bubble(`Is anybody there? ${n}`)).toBeVisible();
  // Where an answer goes comes over the socket.
  await expect(desk.composer.getByRole('button', { name: desk.t.composer.target })).toBeVisible();
  return desk;
}

const banner = (desk: Desk, text: string) => desk.page.getByRole('status').filter({ hasText: text });

/** Three answers in a row; they are on screen at once and wait. */
async function composes(desk: Desk, answers: string[]): Promise<void> {
  await desk.page.keyboard.press('r');
  for (const answer of answers) {
    await expect(desk.textbox).toBeFocused();
    await desk.page.keyboard.insertText(answer);
    await desk.page.keyboard.press('Control+Enter');
    await expect(desk.bubble(answer)).toBeVisible();
  }
  await expect(banner(desk, desk.t.offline.offlineQueued(answers.length))).toBeVisible();
}

/** Everything that was written on either side is there, once, and in the order in which it was written. */
async function allThere(desk: Desk, answers: string[], missed: string[]): Promise<void> {
  // Between two attempts to connect it may be up to fifteen seconds.
  await expect(banner(desk, desk.t.offline.upToDate)).toBeVisible({ timeout: 40_000 });
  for (const text of missed) await expect(desk.bubble(text)).toHaveCount(1);
  for (const text of answers) await expect(desk.tick('sent', desk.bubble(text))).toHaveCount(1);
  const record = telegram()
    .simulator.messages()
    .filter(({ text }) => answers.includes(text));
  expect(record.map(({ text }) => text)).toEqual(answers);
  const shown = await desk.timeline.getByRole('article').allTextContents();
  expect(shown.flatMap((text) => answers.filter((answer) => text.includes(answer)))).toEqual(answers);
}

/** What is done while the server is gone: killed before, and started again whatever came of it. */
async function withoutServer(work: () => Promise<void>): Promise<void> {
  const [server] = stage.world.servers;
  await server?.kill();
  try {
    await work();
  } finally {
    await server?.start();
  }
}

const words = (n: number) => ({
  answers: [`First answer ${n}.`, `Second answer ${n}.`, `Third answer ${n}.`],
  missed: [`Hello? ${n}`, `Are you still there? ${n}`],
});

it('goes on while the browser has no network', async () => {
  const desk = await conversation(1);
  const { answers, missed } = words(1);
  await desk.context.setOffline(true);
  await expect(banner(desk, desk.t.offline.offline)).toBeVisible();
  await composes(desk, answers);
  for (const text of missed) await writes(1, text);
  for (const text of answers) expect(sent(telegram(), text)).toHaveLength(0);
  await desk.context.setOffline(false);
  await allThere(desk, answers, missed);
  expect(desk.loads).toBe(1);
  expect(desk.complaints).toEqual([]);
  await desk.close();
});

it('goes on while the server is killed and started again', async () => {
  const desk = await conversation(2);
  const { answers, missed } = words(2);
  await withoutServer(async () => {
    await expect(banner(desk, desk.t.offline.offline)).toBeVisible();
    await composes(desk, answers);
    for (const text of missed) await writes(2, text);
  });
  await allThere(desk, answers, missed);
  expect(desk.loads).toBe(1);
  await desk.close();
});

it('brings a part of the page that was asked for meanwhile', async () => {
  const desk = await conversation(4);
  await withoutServer(async () => {
    await desk.page.keyboard.press('Control+k');
    await expect(banner(desk, desk.t.offline.offline)).toBeVisible();
    await expect(desk.bubble('Is anybody there? 4')).toBeVisible();
  });
  await expect(desk.page.getByRole('combobox', { name: desk.t.palette.title })).toBeFocused();
  expect(desk.loads).toBe(1);
  expect(desk.complaints).toEqual([]);
  await desk.close();
});

it('says so when a part of the page is gone, and loading anew helps', async () => {
  const desk = await conversation(5);
  const palette = /\/assets\/palette-.*\.js$/;
  await desk.page.route(palette, (route) => route.fulfill({ status: 404 }));
  await desk.page.keyboard.press('Control+k');
  await expect(desk.page.getByRole('alert')).toContainText(desk.t.errors.pageText);
  await desk.page.unroute(palette);
  await desk.button(desk.t.common.retry).click();
  await expect(desk.bubble('Is anybody there? 5')).toBeVisible();
  await desk.page.keyboard.press('Control+k');
  await expect(desk.page.getByRole('combobox', { name: desk.t.palette.title })).toBeFocused();
  await desk.close();
});

it('keeps what was written and what waits over a reload', async () => {
  const desk = await conversation(3);
  const saved = 'A thought that was saved';
  await desk.page.keyboard.press('r');
  await desk.textbox.pressSequentially(saved);
  await expect(desk.composer.getByText(desk.t.composer.draftSaved)).toBeVisible();
  await desk.page.reload();
  await expect(desk.textbox).toHaveValue(saved);
  await expect(desk.bubble('Is anybody there? 3')).toBeVisible();
  await expect(desk.composer.getByRole('button', { name: desk.t.composer.target })).toBeVisible();

  const waits = 'An answer that waits.';
  const local = 'A thought of the meantime';
  await withoutServer(async () => {
    await desk.textbox.fill(waits);
    await desk.page.keyboard.press('Control+Enter');
    await expect(desk.bubble(waits)).toBeVisible();
    await desk.textbox.pressSequentially(local);
    await expect(desk.composer.getByText(desk.t.composer.offlineHint)).toBeVisible();
  });
  await desk.page.reload();
  await expect(desk.tick('sent', desk.bubble(waits))).toBeVisible();
  await expect(desk.textbox).toHaveValue(local);
  expect(sent(telegram(), waits)).toHaveLength(1);
  // The list says so, too, for whoever looks at another conversation.
  await desk.goTo('/inbox/all');
  await expect(desk.row(local)).toContainText(desk.t.row.draft);
  await desk.close();
});
