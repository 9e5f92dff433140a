import type { Sender } from '../../connectors/connector.ts';
import { type Person, person, type Random } from './compose.ts';
import { type DemoLine, identityOf } from './history.ts';

/** Where people speak of the shop in public, and under its posts. */
export const networks = ['x', 'instagram', 'messenger'] as const;

export type Manner = 'fan' | 'helper' | 'asker' | 'critic' | 'passer';

/** Somebody who speaks in public; nobody real. */
export interface Voice {
  who: Person;
  /** Of the simulator's peers. */
  peer: string;
  line: DemoLine;
  manner: Manner;
  handle: string;
  /** Followers; null where the network tells nobody. */
  reach: number | null;
  /** They wrote to the shop before: Instagram tells it who they are. */
  met: boolean;
  /** An account of a business or a creator: Instagram tells anybody how many follow it. */
  professional: boolean;
  sender: Sender;
}

/** Two fans whom many read, and two who complain before many. */
const wide: Partial<Record<Manner, readonly number[]>> = { fan: [182_400, 64_800], critic: [41_200, 7_900] };

const firsts = ['anar', 'baran', 'toranj', 'sayeh', 'mahi', 'rood', 'sib', 'kooh', 'nasim', 'reyhan', 'barg'];
const seconds = ['chai', 'khaneh', 'abi', 'pazi', 'ketab', 'sabz', 'narm', 'rooz', 'gard'];

function handleOf(n: number): string {
  return `${firsts[n % firsts.length]}_${seconds[Math.floor(n / firsts.length) % seconds.length]}${n % 89}`;
}

/** The first of those who have a history here too, and many who have none. */
const strangersFrom = 20_000;
const counts: { manner: Manner; known: number; strangers: number }[] = [
  { manner: 'fan', known: 16, strangers: 6 },
  { manner: 'helper', known: 4, strangers: 1 },
  { manner: 'asker', known: 10, strangers: 16 },
  { manner: 'critic', known: 4, strangers: 10 },
  { manner: 'passer', known: 0, strangers: 30 },
];

/** Who speaks in public in the demonstration: the same each time for the same people. */
export function voicesOf(
  lines: readonly DemoLine[],
  people: readonly { who: Person; connectors: string[] }[],
  random: Random,
): Voice[] {
  const voices: Voice[] = [];
  const open = networks.flatMap((id) => lines.find(({ connector }) => connector.manifest.id === id) ?? []);
  let stranger = strangersFrom;
  for (const [nth, line] of open.entries()) {
    const known = people.filter(({ connectors }) => connectors.includes(line.connector.manifest.id));
    // Somebody who speaks on several networks speaks on one of them here.
    const free = known.filter(({ who }) => who.n % open.length === nth).map(({ who }) => who);
    for (const { manner, known: some, strangers } of counts) {
      const reaches = [...(nth === 0 ? (wide[manner] ?? []) : [])];
      const met = free.splice(0, some);
      const others = Array.from({ length: nth === 0 ? strangers : Math.ceil(strangers / 3) }, () => {
        stranger += 1;
        return person(stranger, random);
      });
      for (const who of [...met, ...others]) {
        const widely = who.language === 'fa' ? reaches.shift() : undefined;
        const reach = widely ?? reachOf(random);
        voices.push(voiceOf(line, { who, manner, reach, met: who.n < strangersFrom }));
      }
    }
  }
  return voices;
}

/** Most have few followers. */
const reachOf = (random: Random) => Math.round(40 + 30 * Math.exp(random() * 4.4));

/** From so many followers on an account is somebody's trade. */
const professionalFrom = 1_000;

export function voiceOf(
  line: DemoLine,
  of: { who: Person; manner: Manner; reach: number; met: boolean },
): Voice {
  const { who, manner, met } = of;
  const { kind, value } = identityOf(line, who.n);
  const id = line.connector.manifest.id;
  const handle = handleOf(who.n);
  // Facebook tells neither.
  const reach = id === 'messenger' ? null : of.reach;
  const professional = reach !== null && reach >= professionalFrom;
  // As Instagram's connector would be told.
  const told = reach !== null && (id === 'x' || met || professional) ? { reach } : {};
  const site = id === 'x' ? 'https://x.com/' : 'https://www.instagram.com/';
  return {
    who,
    peer: line.simulator.peer(who.n),
    line,
    manner,
    handle,
    reach,
    met,
    professional,
    sender: {
      kind,
      value,
      display: reach === null ? who.name : `@${handle}`,
      name: who.name,
      ...told,
      ...(reach === null ? {} : { url: site + handle }),
    },
  };
}

/** The network knows them by the same names. */
export async function introduce(voices: readonly Voice[]): Promise<void> {
  for (const { line, peer, who, handle, reach, met, professional } of voices)
    await line.simulator.act({
      do: 'profile',
      peer,
      name: who.name,
      username: handle,
      ...(reach === null ? {} : { followers: reach }),
      wroteBefore: met,
      professional,
    });
}
