import type { SimulatedMessage } from '../../connectors/connector.ts';
import { between, type Person, pick, type Random } from './compose.ts';
import type { DemoLine } from './history.ts';
import { type Manner, type Voice, voiceOf } from './public.people.ts';
import { said } from './public.say.ts';
import { launch, publicWords } from './public.words.ts';
import { remark } from './public-year.ts';
import type { Said } from './shop-page.ts';

/** What stands under a post of ours, as far as somebody may still answer it. */
interface Open {
  line: DemoLine;
  /** The network's id of our post; where comments find the newest post by themselves, ''. */
  post: string;
  /** A question that nobody answered yet. */
  asked: { id: string; voice: Voice; answers: readonly string[] }[];
}

/** Of the simulators' peers, whoever tries the demonstration. */
const guest = 90_000;

const xHandle = (line: DemoLine) => `@${String(line.simulator.settings.handle)}`;

/**
 * What is said in public while the demonstration runs, through the networks' sockets alone: the shop shows something new, people write
 * under it and help each other, somebody with many followers is glad of it, and for a while everybody has the same trouble. Whoever is
 * answered by the shop in public answers back.
 */
export class Square {
  private readonly voices: readonly Voice[];
  private readonly random: Random;
  private readonly pace: number;
  private readonly onError: (error: unknown) => void;
  private readonly open: Open[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly stops: (() => void)[] = [];
  private stopped = false;

  /** @param options.pace 1 is a lively shop; larger is slower. */
  constructor(options: {
    voices: readonly Voice[];
    random: Random;
    pace?: number;
    onError: (error: unknown) => void;
  }) {
    this.voices = options.voices;
    this.random = options.random;
    this.pace = options.pace ?? 1;
    this.onError = options.onError;
  }

  /** The shop posts on all of its networks, and the first comments come. @param launches something new; else an ordinary post */
  async posts({ launches }: { launches: boolean }): Promise<void> {
    const { posts } = publicWords('fa');
    const words = launches ? (posts[0] ?? '') : pick(this.random, posts.slice(1));
    for (const line of new Set(this.voices.map((voice) => voice.line))) {
      const text = this.fill(words);
      const { simulator } = line;
      await simulator.act({ do: 'ownPost', peer: simulator.peer(1), text });
      // X wants to know what is answered; the others' comments go under the newest post.
      const post = isX(line)
        ? this.newest(line, (one) => one.direction === 'toCustomer' && one.text === text)
        : '';
      const here: Open = { line, post, asked: [] };
      this.open.push(here);
      await this.asks(here);
      await this.likes(here);
      await this.answersOne(here);
      await this.asks(here);
      await this.likes(here);
    }
  }

  /** Whoever tries the demonstration says something themselves: under the shop's newest post, or on X to nobody. */
  async says({ way, name, text }: Said): Promise<void> {
    const network = way === 'mention' ? 'x' : way;
    const here = this.open.findLast(({ line }) => line.connector.manifest.id === network);
    if (!here) throw new Error(`The shop has posted nothing on ${network} yet.`);
    const who: Person = { n: guest, language: 'fa', given: name, name, city: '' };
    const voice = voiceOf(here.line, { who, manner: 'asker', reach: 320, met: false });
    if (way === 'mention') await this.remarks(voice, text);
    else await this.comments(here, { voice, text });
  }

  /** Whoever has the most followers says what they think of it. */
  async widelyRead(): Promise<void> {
    const [voice] = [...this.of('fan')].sort((a, b) => (b.reach ?? 0) - (a.reach ?? 0));
    if (!voice) return;
    await this.remarks(
      voice,
      `یک هفته است که با {product} مهتاب قهوه دم می‌کنم و واقعاً عالیه؛ بی‌صدا، تمیز و خوش‌طعم. حتماً پیشنهاد می‌کنم {tag}`,
      launch.product.fa,
    );
  }

  /** And somebody whom many read complains under our newest post. */
  async loudly(): Promise<void> {
    const here = this.open.at(0);
    const [voice] = [...this.of('critic', here?.line)].sort((a, b) => (b.reach ?? 0) - (a.reach ?? 0));
    if (here && voice)
      await this.comments(here, {
        voice,
        text: 'سفارش من ده روزه نرسیده و هیچ‌کس جواب نمی‌دهد. واقعاً افتضاح است و به هیچ‌کس پیشنهاد نمی‌کنم.',
      });
  }

  /** Everybody has the same trouble. @param pause seconds between two of them, at most */
  async burst({ pause = 0 }: { pause?: number } = {}): Promise<void> {
    const loud = [...this.of('critic'), ...this.of('asker'), ...this.of('passer')].filter(
      ({ line, who }) => isX(line) && who.language === 'fa',
    );
    const { burst } = publicWords('fa');
    for (const [nth, text] of [...burst, ...burst.slice(0, 4)].entries()) {
      const voice = loud[nth % Math.max(1, loud.length)];
      if (!voice || this.stopped) return;
      await this.remarks(voice, text);
      if (pause) await this.rest(between(this.random, 1, pause));
    }
  }

  /** Goes on until `stop`: a word here and there, and soon a burst of complaints. */
  start({ burstAfter = 40 }: { burstAfter?: number } = {}): void {
    for (const line of new Set(this.voices.map((voice) => voice.line)))
      this.stops.push(line.simulator.onSent((message) => this.answered(line, message)));
    this.later(burstAfter, () => this.burst({ pause: 5 }));
    this.next();
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const stop of this.stops) stop();
  }

  private next(): void {
    this.later(between(this.random, 14, 50), async () => {
      this.next();
      const here = pick(this.random, this.open.length ? this.open : [null]);
      const turn = this.random();
      if (!here || turn < 0.5) {
        const { voice, text } = remark(this.voices, this.random);
        await this.remarks(voice, text);
      } else if (turn < 0.68) await this.asks(here);
      else if (turn < 0.86) await this.answersOne(here);
      else await this.likes(here);
    });
  }

  private later(seconds: number, deed: () => Promise<void>): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        if (!this.stopped) deed().catch(this.onError);
      },
      seconds * 1_000 * this.pace,
    );
    this.timers.add(timer);
  }

  private rest(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.timers.add(setTimeout(resolve, seconds * 1_000 * this.pace));
    });
  }

  private of(manner: Manner, line?: DemoLine): Voice[] {
    return this.voices.filter((voice) => voice.manner === manner && (!line || voice.line === line));
  }

  /** Said of us, and to nobody in particular. */
  private async remarks(voice: Voice, text: string, product?: string): Promise<void> {
    await voice.line.simulator.act({
      ...this.as(voice),
      do: 'mention',
      text: this.fill(text, voice, product),
    });
  }

  private async asks(here: Open): Promise<void> {
    const voice = pick(this.random, this.of('asker', here.line));
    const { question, answers } = pick(this.random, publicWords(voice.who.language).ask);
    const id = await this.comments(here, { voice, text: question });
    here.asked.push({ id, voice, answers });
    if (here.asked.length > 5) here.asked.shift();
  }

  private async likes(here: Open): Promise<void> {
    const voice = pick(this.random, this.of('fan', here.line));
    await this.comments(here, { voice, text: pick(this.random, publicWords(voice.who.language).liked) });
  }

  /** Somebody helps, and is thanked for it. */
  private async answersOne(here: Open): Promise<void> {
    const open = here.asked.shift();
    if (!open) return;
    const helper = pick(this.random, this.of('helper', here.line));
    const id = await this.comments(here, {
      voice: helper,
      text: pick(this.random, open.answers),
      to: { id: open.id, voice: open.voice },
    });
    this.later(between(this.random, 4, 15), async () => {
      const { thanks } = publicWords(open.voice.who.language);
      await this.comments(here, {
        voice: open.voice,
        text: pick(this.random, thanks),
        to: { id, voice: helper },
      });
    });
  }

  /** @returns the network's id of it */
  private async comments(
    { line, post }: Open,
    of: { voice: Voice; text: string; to?: { id: string; voice: Voice } },
  ): Promise<string> {
    const { voice, to } = of;
    const words = this.fill(of.text, voice, launch.product[voice.who.language]);
    // On X whoever is answered is named, and so is whoever's post it is.
    const text = isX(line) && to ? `@${to.voice.handle} ${xHandle(line)} ${words}` : words;
    await line.simulator.act({
      ...this.as(voice),
      do: 'public',
      text,
      ...(isX(line) ? { replyTo: to?.id ?? post } : to ? { parent: to.id } : {}),
    });
    return this.newest(line, (one) => one.peer === voice.peer && one.text === text);
  }

  private newest({ simulator }: DemoLine, fits: (message: SimulatedMessage) => boolean): string {
    const found = simulator.messages().findLast((one) => one.visibility === 'public' && fits(one));
    if (!found) throw new Error('What was said in public is not in the simulator’s record.');
    return found.externalId;
  }

  private as({ peer, who, handle, reach }: Voice) {
    return { peer, name: who.name, username: handle, ...(reach === null ? {} : { followers: reach }) };
  }

  private fill(text: string, voice?: Voice, product: string = launch.product.fa): string {
    return said(text, { who: voice?.who ?? { language: 'fa', city: '' }, random: this.random, product });
  }

  /** The shop answered somebody where all can read it. */
  private answered(line: DemoLine, message: SimulatedMessage): void {
    if (message.visibility !== 'public' || !message.peer) return;
    const voice = this.voices.find((one) => one.line === line && one.peer === message.peer);
    const here = this.open.find((one) => one.line === line);
    if (!voice || !here) return;
    this.later(between(this.random, 6, 18), async () => {
      const text = pick(this.random, publicWords(voice.who.language).heard);
      const words = isX(line) ? `${xHandle(line)} ${text}` : text;
      await line.simulator.act({
        ...this.as(voice),
        do: 'public',
        text: words,
        ...(isX(line) ? { replyTo: message.externalId } : { parent: message.externalId }),
      });
    });
  }
}

const isX = ({ connector }: DemoLine) => connector.manifest.id === 'x';
