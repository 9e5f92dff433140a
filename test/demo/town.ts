import type { SimulatedMessage, Simulator } from '../../connectors/connector.ts';
import {
  between,
  type Matter,
  matter,
  type Person,
  person,
  pick,
  type Random,
  Speaker,
  speechOf,
  subjectOf,
} from './compose.ts';

interface Resident {
  who: Person;
  connector: string;
  peer: string;
  /** What their case is about while they have one. */
  about: Matter | null;
  /** How many answers they have had in it. */
  answers: number;
  timer: NodeJS.Timeout | null;
}

/** Of the first who write, each so manieth is followed by mail that no person wrote. */
const mailEvery = 6;

/** And each so manieth of them writes in the chat. */
const chatEvery = 5;

const machines: Record<'fa' | 'en', { do: string; peer: string; subject: string; text: string }[]> = {
  fa: [
    {
      do: 'newsletter',
      peer: 'weekly@example.org',
      subject: 'خبرنامهٔ هفتگی لوازم خانه',
      text: 'تازه‌های این هفته: ده وسیلهٔ کوچک برای آشپزخانه‌های کوچک.',
    },
    {
      do: 'autoReply',
      peer: 'office@example.org',
      subject: 'پاسخ خودکار: در مرخصی هستم',
      text: 'تا شنبه به ایمیل دسترسی ندارم. پس از آن پاسخ می‌دهم.',
    },
  ],
  en: [
    {
      do: 'newsletter',
      peer: 'trade@example.org',
      subject: 'This month in home appliances',
      text: 'Ten things that a small kitchen needs, and two that it does not.',
    },
    {
      do: 'autoReply',
      peer: 'purchasing@example.org',
      subject: 'Out of office',
      text: 'I am away until Saturday and will read your mail then.',
    },
  ],
};

/**
 * The customers of the demonstration, alive: now and then one of them writes, and whoever is answered answers back after a
 * while. They know nothing but the simulators: what they say reaches the product through a provider's socket.
 */
export class Town {
  private readonly simulators: Record<string, Simulator>;
  private readonly random: Random;
  private readonly speaker: Speaker;
  private readonly residents: Resident[] = [];
  private readonly byPeer = new Map<string, Resident>();
  private readonly stops: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly pace: number;
  /** Where nobody has a history: only newcomers write there. */
  private readonly forNewcomers: string[];
  /** Connectors whose messages are letters. */
  private readonly letters: ReadonlySet<string>;
  private readonly onError: (error: unknown) => void;

  /** @param options.pace 1 is a lively shop; larger is slower. */
  constructor(options: {
    simulators: Record<string, Simulator>;
    people: { who: Person; connectors: string[] }[];
    /** Connectors whose messages are letters. */
    letters: readonly string[];
    random: Random;
    pace?: number;
    onError: (error: unknown) => void;
  }) {
    this.simulators = options.simulators;
    this.random = options.random;
    this.speaker = new Speaker(options.random, 1_000);
    this.pace = options.pace ?? 1;
    this.letters = new Set(options.letters);
    const known = new Set(options.people.flatMap(({ connectors }) => connectors));
    this.forNewcomers = Object.keys(options.simulators).filter((id) => !known.has(id));
    this.onError = options.onError;
    for (const { who, connectors } of options.people)
      for (const connector of connectors) this.settle(who, connector);
  }

  private settle(who: Person, connector: string): Resident {
    const simulator = this.simulators[connector];
    if (!simulator) throw new Error(`There is no simulator for ${connector}.`);
    const resident: Resident = {
      who,
      connector,
      peer: simulator.peer(who.n),
      about: null,
      answers: 0,
      timer: null,
    };
    this.residents.push(resident);
    this.byPeer.set(`${connector} ${resident.peer}`, resident);
    return resident;
  }

  /** @param waiting how many are already writing when the doors open */
  async start(waiting: number): Promise<void> {
    for (const [connector, simulator] of Object.entries(this.simulators))
      this.stops.push(simulator.onSent((message) => this.answered(connector, message)));
    for (let n = 0; n < waiting; n += 1) {
      await this.someoneWrites({ chats: n % chatEvery === 0 });
      if (n % mailEvery === 0) await this.machineWrites();
    }
    this.next();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    for (const resident of this.residents) if (resident.timer) clearTimeout(resident.timer);
    for (const stop of this.stops) stop();
  }

  private next(): void {
    this.timer = setTimeout(
      () => {
        (this.random() < 0.06 ? this.machineWrites() : this.someoneWrites())
          .catch(this.onError)
          .finally(() => this.next());
      },
      between(this.random, 12, 45) * 1_000 * this.pace,
    );
  }

  private async someoneWrites({ chats = this.random() < 0.08 } = {}): Promise<void> {
    // One in five has never written before; some of those write where only newcomers do.
    const newcomer = chats || this.random() < 0.12;
    const ways = chats && this.forNewcomers.length ? this.forNewcomers : Object.keys(this.simulators);
    const resident = newcomer
      ? this.settle(person(this.residents.length + 10_000, this.random), pick(this.random, ways))
      : pick(this.random, this.residents);
    if (resident.about) return;
    resident.about = matter(
      resident.who,
      resident.who.language === 'fa' ? 'همکار محترم' : 'there',
      this.random,
    );
    resident.answers = 0;
    const speech = speechOf(resident.who.language);
    const { open, detail } = resident.about.topic;
    // A letter says all of it at once.
    if (this.letters.has(resident.connector)) return this.say(resident, speech.greet, open, detail);
    await this.say(resident, speech.greet, open);
    if (this.random() < 0.4)
      this.later(resident, between(this.random, 3, 12), () =>
        this.say(resident, pick(this.random, [resident.about?.topic.detail ?? speech.hurry, speech.hurry])),
      );
  }

  private async say(resident: Resident, ...parts: (readonly string[])[]): Promise<void> {
    if (!resident.about) return;
    const { about, connector, peer, who } = resident;
    const text = this.speaker.say(who, about, ...parts);
    const simulator = this.simulators[connector];
    if (!this.letters.has(connector)) await simulator?.customerWrites({ peer, name: who.name, text });
    else if (resident.answers) await simulator?.act({ do: 'reply', peer, name: who.name, text });
    else
      await simulator?.customerWrites({
        peer,
        name: who.name,
        text: `${text}\n\n${who.name}`,
        subject: subjectOf(about),
        ...(this.random() < 0.2 && { cc: ['accounts@example.org'] }),
      });
  }

  /** What no person wrote comes by mail as well: a newsletter, or word that somebody is away. */
  private async machineWrites(): Promise<void> {
    const [connector] = this.letters;
    const simulator = connector && this.simulators[connector];
    if (!simulator) return;
    const language = this.random() < 0.5 ? 'fa' : 'en';
    const mail = pick(this.random, machines[language]);
    await simulator.act(mail);
  }

  private later(resident: Resident, seconds: number, deed: () => Promise<void>): void {
    if (resident.timer) clearTimeout(resident.timer);
    resident.timer = setTimeout(
      () => {
        resident.timer = null;
        deed().catch(this.onError);
      },
      seconds * 1_000 * this.pace,
    );
  }

  /** An agent wrote to them: they tell what was asked, come back to it once, and say thank you. */
  private answered(connector: string, message: SimulatedMessage): void {
    // What is said in public is the square's.
    if (message.visibility === 'public') return;
    const resident = this.byPeer.get(`${connector} ${message.peer}`);
    if (!resident) return;
    resident.about ??= matter(resident.who, '', this.random);
    resident.answers += 1;
    const speech = speechOf(resident.who.language);
    const { topic } = resident.about;
    const wait = between(this.random, 5, 20);
    const asked = topic.ask.find(({ ask }) => message.text.includes(ask.slice(0, 12)));
    if (resident.answers === 1 && /[?؟]/.test(message.text))
      this.later(resident, wait, () => this.say(resident, (asked ?? pick(this.random, topic.ask)).tell));
    else if (resident.answers <= 2 && this.random() < 0.5)
      this.later(resident, wait, () => this.say(resident, [pick(this.random, topic.again).follow]));
    else
      this.later(resident, wait, async () => {
        await this.say(resident, speech.thanks);
        resident.about = null;
      });
  }
}
