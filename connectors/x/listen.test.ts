import { afterEach, describe, expect, it } from 'vitest';
import { contextOf, TestHost } from '../contract.host.ts';
import { clausesFor, queriesOf } from './feeds.ts';
import { idAt } from './ids.ts';
import { x } from './index.ts';
import { afterRound, blank, paceAfter, paceAfterFailure, readCursor, type Stand } from './listen.state.ts';
import { parseQuery } from './simulator.query.ts';
import { startSimulator, type XSimulator, type XSimulatorOptions } from './simulator.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A simulator and a listener on one clock that stands still until it is moved. */
class Scene {
  at = Date.UTC(2026, 10, 22, 12);
  readonly now = () => new Date(this.at);
  private constructor(readonly simulator: XSimulator) {}

  static async begin(options: XSimulatorOptions = {}): Promise<Scene> {
    const holder: { scene: Scene | null } = { scene: null };
    const now = () => holder.scene?.now() ?? new Date(Date.UTC(2026, 10, 22, 12));
    const simulator = await startSimulator({ deliveryStep: 5, now, ...options });
    holder.scene = new Scene(simulator);
    closing.push(() => simulator.close());
    return holder.scene;
  }

  host(before?: TestHost, settings: Record<string, string | number | boolean> = {}): Host {
    const context = contextOf(
      { ...this.simulator, settings: { ...this.simulator.settings, ...settings } },
      { now: this.now },
    );
    return new Host(context, before);
  }

  /** Listens while `work` runs. */
  async listening(host: Host, work: () => Promise<void>): Promise<void> {
    const running = x.listen?.(host, host.context);
    await host.until(() => host.successes > 2);
    await work();
    host.stop();
    await running;
  }

  writes(text: string, n = 1): Promise<string> {
    return this.simulator.customerWrites({ peer: this.simulator.peer(n), text });
  }

  act(what: string, more: Record<string, unknown> = {}): Promise<void> {
    return this.simulator.act({ do: what, peer: this.simulator.peer(1), ...more });
  }
}

class Host extends TestHost {
  readonly left: (number | null)[] = [];
  constructor(context: ConstructorParameters<typeof TestHost>[1], before?: TestHost) {
    super(x, context, before);
  }
  override catchingUp(...[left]: [number | null] | []): void {
    if (left !== undefined && this.left.at(-1) !== left) this.left.push(left);
  }
}

const texts = async (host: TestHost): Promise<string[]> =>
  (await host.meanings()).flatMap((event) =>
    event.type === 'message' || event.type === 'mention' ? [`${event.type}: ${event.text}`] : [event.type],
  );

const untilSaid = (host: TestHost, text: string): Promise<void> =>
  host.untilIt(async () => (await texts(host)).some((one) => one.includes(text)));

describe('listening to X', () => {
  it('begins at the present moment, and reads messages, mentions, our own posts and what searches find', async () => {
    const scene = await Scene.begin();
    await scene.writes('از پیش از این');
    await scene.act('public', { text: 'این هم' });
    scene.at += 3_600_000;
    const host = scene.host();
    host.looksFor = [{ terms: ['فروشگاه مهتاب', '#مهتاب'], exclude: ['ارزان'] }];
    await scene.listening(host, async () => {
      await scene.writes('سلام');
      await scene.act('public', { text: 'سفارشم کو؟', picture: true });
      await scene.act('mention', { text: 'فروشگاه مهتاب عالی است', followers: 15_000 });
      await scene.act('mention', { text: 'فروشگاه مهتاب ارزان نیست' });
      await scene.act('mention', { text: '#مهتاب دوست‌داشتنی' });
      await scene.act('mention', { text: 'چیز دیگری' });
      await scene.act('ownPost', { text: 'کیف تازه رسید' });
      await scene.act('echo', { text: 'از برنامهٔ خود ایکس' });
      for (const said of ['سلام', 'سفارشم کو؟', 'عالی است', 'دوست‌داشتنی', 'برنامهٔ خود ایکس'])
        await untilSaid(host, said);
      await host.untilIt(async () => (await texts(host)).includes('post'));
    });
    expect((await texts(host)).sort()).toEqual(
      [
        'mention: #مهتاب دوست‌داشتنی',
        'mention: فروشگاه مهتاب عالی است',
        'message: @simulated_shop سفارشم کو؟',
        'message: از برنامهٔ خود ایکس',
        'message: سلام',
        'post',
      ].sort(),
    );
    const found = (await host.meanings()).find((event) => event.type === 'mention');
    expect(found).toMatchObject({ author: { reach: 15_000 }, post: { author: { ours: false } } });
  });

  it('reads nothing that is switched off', async () => {
    const scene = await Scene.begin();
    const host = scene.host(undefined, { mentions: false, search: false });
    host.looksFor = [{ terms: ['سلام'], exclude: [] }];
    await scene.listening(host, async () => {
      await scene.act('public', { text: 'سلام' });
      await scene.writes('درود');
      await untilSaid(host, 'درود');
    });
    expect(await texts(host)).toEqual(['message: درود']);
    expect(['mentions', 'tweets', 'search'].map((name) => scene.simulator.calls(name))).toEqual([0, 0, 0]);
  });

  it('reads all that came while it was away, page by page, and goes on in the middle after a crash', async () => {
    const scene = await Scene.begin();
    const first = scene.host();
    await scene.listening(first, async () => {
      await scene.writes('پیش');
      await untilSaid(first, 'پیش');
    });
    // Nineteen days.
    for (let n = 0; n < 450; n += 1) {
      scene.at += 3_600_000;
      await scene.writes(`پیام ${n}`, n % 7);
    }
    const dying = scene.host(first);
    const stored = dying.stored.size;
    const running = expect(x.listen?.(dying, dying.context)).rejects.toThrow('could not be stored');
    await dying.until(() => dying.stored.size >= stored + 200);
    dying.crash = true;
    await running;
    expect(dying.left).toEqual([null]);
    const before = scene.simulator.calls('dm_events');
    const after = scene.host(dying);
    const read = after.stored.size;
    await scene.listening(after, async () => {
      await after.untilIt(async () => new Set(await texts(after)).size === 451);
      await after.until(() => after.left.at(-1) === 0);
    });
    expect(after.left[0]).toBeNull();
    expect(read).toBeGreaterThanOrEqual(stored + 200);
    // Pages that were stored before are not fetched again.
    const asked = scene.simulator.calls('dm_events') - before;
    expect(asked).toBeGreaterThan(1);
    expect(new Set(await texts(after)).size).toBe(451);
  });

  it('asks no more than X allows, and each method by itself', async () => {
    const scene = await Scene.begin({ limits: { dm_events: 3 } });
    const host = scene.host();
    await scene.listening(host, async () => {
      for (let n = 0; n < 5; n += 1) {
        await scene.act('public', { text: `پست ${n}` });
        await untilSaid(host, `پست ${n}`);
      }
      expect(scene.simulator.calls('dm_events')).toBe(3);
      await scene.writes('منتظر');
      scene.at += 15 * 60_000;
      await untilSaid(host, 'منتظر');
    });
    expect(host.failures).toEqual([]);
  });

  it('goes on with the rest when the access level does not include one thing', async () => {
    const scene = await Scene.begin();
    const host = scene.host();
    host.looksFor = [{ terms: ['سلام'], exclude: [] }];
    scene.simulator.fail('blocked', { call: 'search', times: 1000 });
    await scene.listening(host, async () => {
      await host.until(() => host.failures.length > 0);
      await scene.writes('سلام');
      await untilSaid(host, 'سلام');
    });
    expect(host.failures[0]).toMatchObject({ class: 'retryable', code: '403' });
    expect(host.failures[0]?.message).toContain('saved searches');
  });

  it('waits as long as X says after 429', async () => {
    const scene = await Scene.begin();
    const host = scene.host();
    scene.simulator.fail('rateLimit', { call: 'dm_events', retryAfter: 600 });
    await scene.listening(host, async () => {
      await host.until(() => host.failures.length > 0);
      await scene.act('public', { text: 'پست' });
      await untilSaid(host, 'پست');
      expect(scene.simulator.calls('dm_events')).toBe(1);
      scene.at += 601_000;
      await scene.writes('سلام');
      await untilSaid(host, 'سلام');
    });
    expect(host.failures[0]).toMatchObject({ class: 'rateLimited' });
  });

  it('ends when the keys are refused: somebody must mend them', async () => {
    const scene = await Scene.begin();
    const host = scene.host(undefined, { accessSecret: 'not the secret of anybody' });
    await expect(x.listen?.(host, host.context)).rejects.toMatchObject({ class: 'auth' });
  });

  it('looks a week back in the search, and no further', async () => {
    const scene = await Scene.begin();
    const first = scene.host();
    first.looksFor = [{ terms: ['مهتاب'], exclude: [] }];
    await scene.listening(first, async () => {
      await scene.act('mention', { text: 'مهتاب یک' });
      await untilSaid(first, 'مهتاب یک');
    });
    scene.at += 2 * 24 * 3_600_000;
    await scene.act('mention', { text: 'مهتاب دو' });
    scene.at += 6 * 24 * 3_600_000;
    await scene.act('mention', { text: 'مهتاب سه' });
    scene.at += 3 * 24 * 3_600_000;
    const after = scene.host(first);
    after.looksFor = first.looksFor;
    await scene.listening(after, () => untilSaid(after, 'مهتاب سه'));
    expect(after.failures).toEqual([]);
    expect(await texts(after)).not.toContain('mention: مهتاب دو');
  });
});

describe('the past of a search that is new', () => {
  const day = 24 * 3_600_000;
  const search = (...terms: string[]) => ({ terms, exclude: [] });
  const pastOf = (host: TestHost) => readCursor(host.cursor)?.past;

  it('is asked for once: seven days of what was said of us, and nothing that was said to us before', async () => {
    const scene = await Scene.begin();
    await scene.act('mention', { text: 'مهتاب پیش از هشت روز' });
    scene.at += 5 * day;
    await scene.act('mention', { text: 'مهتاب پیش از سه روز' });
    await scene.act('public', { text: 'مهتاب، سفارشم کو؟' });
    scene.at += 3 * day;
    const first = scene.host();
    await scene.listening(first, async () => {
      first.looksFor = [search('مهتاب')];
      await untilSaid(first, 'پیش از سه روز');
    });
    expect(await texts(first)).toEqual(['mention: مهتاب پیش از سه روز']);

    scene.at += 60_000;
    await scene.act('mention', { text: 'مهتاب اکنون' });
    const after = scene.host(first);
    // What is asked for again would be there again.
    after.stored.clear();
    after.looksFor = [...first.looksFor];
    await scene.listening(after, async () => {
      await untilSaid(after, 'اکنون');
      expect(await texts(after)).toEqual(['mention: مهتاب اکنون']);
      after.looksFor = [search('مهتاب'), search('سه روز')];
      await untilSaid(after, 'پیش از سه روز');
      await after.untilIt(async () => pastOf(after)?.read.length === 2);
      expect(pastOf(after)).toMatchObject({ read: [expect.any(String), expect.any(String)], round: null });
      // What is not searched for any more looks back again when it is taken up.
      after.looksFor = [search('مهتاب')];
      await after.untilIt(async () => pastOf(after)?.read.length === 1);
    });
    expect(after.failures).toEqual([]);
  });

  it('is read page by page, at most ten of a query, and goes on in the middle after a crash', async () => {
    const scene = await Scene.begin({ limits: { search: 100_000 } });
    for (let n = 0; n < 1_150; n += 1) {
      scene.at += 60_000;
      await scene.act('mention', { text: `مهتاب ${n}` });
    }
    scene.at += day;
    const dying = scene.host();
    dying.looksFor = [search('مهتاب')];
    const running = expect(x.listen?.(dying, dying.context)).rejects.toThrow('could not be stored');
    await dying.until(() => dying.stored.size >= 200);
    dying.crash = true;
    await running;
    expect(pastOf(dying)?.round?.pages).toBeGreaterThanOrEqual(2);
    const after = scene.host(dying);
    after.looksFor = [...dying.looksFor];
    await scene.listening(after, () => after.untilIt(async () => pastOf(after)?.read.length === 1));
    expect(after.stored.size).toBe(1_000);
    expect(await texts(after)).toContain('mention: مهتاب 150');
    expect(await texts(after)).not.toContain('mention: مهتاب 149');
  });

  it('waits for X, and leaves half of what it allows to what is said now', async () => {
    const scene = await Scene.begin({ limits: { search: 4 } });
    for (let n = 0; n < 350; n += 1) await scene.act('mention', { text: `مهتاب ${n}` });
    scene.at += day;
    const host = scene.host();
    host.looksFor = [search('مهتاب')];
    await scene.listening(host, async () => {
      await host.untilIt(async () => scene.simulator.calls('search') >= 4);
      expect(pastOf(host)?.round?.pages).toBeLessThanOrEqual(2);
      await host.untilIt(async () => {
        scene.at += 15 * 60_000;
        return pastOf(host)?.read.length === 1;
      });
    });
    expect(host.stored.size).toBe(350);
    expect(host.failures).toEqual([]);
  });
});

describe('what the search is asked', () => {
  const context = { settings: { handle: '@example_shop' } };
  const rest = ' -is:retweet -from:example_shop';
  const queriesFor = (searches: Parameters<typeof clausesFor>[0], by: typeof context): string[] =>
    queriesOf(clausesFor(searches, by), by);

  it('is one query for many searches, phrases quoted, nothing typed being an operator', () => {
    expect(queriesFor([], context)).toEqual([]);
    expect(
      queriesFor(
        [
          { terms: ['فروشگاه نمونه', '#نمونه', '@rival'], exclude: [] },
          { terms: ['a" OR from:x ('], exclude: ['ارزان', ''] },
        ],
        context,
      ),
    ).toEqual([`(("فروشگاه نمونه" OR #نمونه OR @rival) OR ("a OR from:x (" -"ارزان"))${rest}`]);
  });

  it('is cut into queries that X takes, and asks for every term', () => {
    const terms = Array.from({ length: 50 }, (_, n) => `واژهٔ شماره ${n}`);
    const exclude = Array.from({ length: 60 }, (_, n) => `نه ${n}`);
    const queries = queriesFor(
      [
        { terms, exclude },
        { terms: ['دیگر'], exclude: [] },
      ],
      context,
    );
    for (const query of queries) {
      expect(query.length).toBeLessThanOrEqual(512);
      expect(() => parseQuery(query)).not.toThrow();
    }
    for (const text of [...terms, 'دیگر']) {
      const hit = { text, author: 'somebody', repost: false };
      expect(queries.some((query) => parseQuery(query)(hit))).toBe(true);
      expect(queries.some((query) => parseQuery(query)({ ...hit, author: 'example_shop' }))).toBe(false);
    }
  });
});

describe('where a feed stands', () => {
  const id = (seconds: number) => idAt(new Date(Date.UTC(2026, 0, 1) + seconds * 1000));
  const done = (stand: Stand, newest: string | null): Stand =>
    afterRound({ ...stand, round: { newest, part: 1, token: null } });

  it('looks once more at the last seconds after something new, then no more', () => {
    const one = done(blank, id(100));
    expect(one).toEqual({ since: id(90), newest: id(100), round: null });
    const two = done(one, id(100));
    expect(two).toEqual({ since: id(100), newest: id(100), round: null });
    expect(done(two, null)).toEqual(two);
    expect(done(two, id(103))).toEqual({ since: id(100), newest: id(103), round: null });
  });

  it('spreads what is left of a limit over the time until it is full again', () => {
    const now = Date.UTC(2026, 0, 1);
    const limit = (remaining: number, seconds: number) => ({
      limit: 100,
      remaining,
      resetAt: new Date(now + seconds * 1000),
    });
    const due = (...[left]: [ReturnType<typeof limit> | null]) =>
      paceAfter(left, { now, every: 60_000 }).due - now;
    expect(due(null)).toBe(60_000);
    expect(due(limit(100, 900))).toBe(60_000);
    expect(due(limit(3, 900))).toBeCloseTo(333_333, -1);
    expect(due(limit(0, 900))).toBe(900_000);
    expect(due(limit(0, -5))).toBe(60_000);
    expect(paceAfter(limit(0, 900), { now, every: 1 }).notBefore - now).toBe(900_000);
    expect(paceAfter(limit(1, 900), { now, every: 1 }).notBefore).toBe(now);
  });

  it('rests longer after each failure, and as long as it is told', () => {
    const now = Date.UTC(2026, 0, 1);
    let pace = paceAfter(null, { now, every: 1000 });
    const rests: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      pace = paceAfterFailure(pace, { now });
      rests.push(pace.notBefore - now);
    }
    expect(rests.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(Math.max(...rests)).toBe(300_000);
    expect(paceAfterFailure(pace, { now, retryAt: new Date(now + 7) }).notBefore - now).toBe(7);
  });
});
