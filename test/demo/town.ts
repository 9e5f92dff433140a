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
  private readonly onError: (error: unknown) => void;

  /** @param options.pace 1 is a lively shop; larger is slower. */
  constructor(options: {
    simulators: Record<string, Simulator>;
    people: { who: Person; connectors: string[] }[];
    random: Random;
    pace?: number;
    onError: (error: unknown) => void;
  }) {
    this.simulators = options.simulators;
    this.random = options.random;
    this.speaker = new Speaker(options.random, 1_000);
    this.pace = options.pace ?? 1;
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
    for (let n = 0; n < waiting; n += 1) await this.someoneWrites();
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
        this.someoneWrites()
          .catch(this.onError)
          .finally(() => this.next());
      },
      between(this.random, 12, 45) * 1_000 * this.pace,
    );
  }

  private async someoneWrites(): Promise<void> {
    // One in eight has never written before.
    const newcomer = this.random() < 0.12;
    const resident = newcomer
      ? this.settle(
          person(this.residents.length + 10_000, this.random),
          pick(this.random, Object.keys(this.simulators)),
        )
      : pick(this.random, this.residents);
    if (resident.about) return;
    resident.about = matter(
      resident.who,
      resident.who.language === 'fa' ? 'همکار محترم' : 'there',
      this.random,
    );
    resident.answers = 0;
    const speech = speechOf(resident.who.language);
    await this.say(resident, speech.greet, resident.about.topic.open);
    if (this.random() < 0.4)
      this.later(resident, between(this.random, 3, 12), () =>
        this.say(resident, pick(this.random, [resident.about?.topic.detail ?? speech.hurry, speech.hurry])),
      );
  }

  private async say(resident: Resident, ...parts: (readonly string[])[]): Promise<void> {
    if (!resident.about) return;
    const text = this.speaker.say(resident.who, resident.about, ...parts);
    await this.simulators[resident.connector]?.customerWrites({
      peer: resident.peer,
      name: resident.who.name,
      text,
    });
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
