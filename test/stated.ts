import type { Connector, Sender } from '../connectors/connector.ts';
import { addApiIdentity } from '../server/api/api.customers.ts';
import type { ChannelDoc } from '../server/channels/channel.model.ts';
import { acceptClaim } from '../server/customers/claim.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../server/customers/customer.model.ts';
import { addIdentityByAgent } from '../server/customers/identity.add.ts';
import { identityId } from '../server/customers/identity.ts';
import { applyWithin } from '../server/imports/row.apply.ts';
import { commit } from '../server/messages/commit.ts';
import { importConversations } from '../server/messages/import.ts';
import { checkVerification } from '../server/verifications/verification.check.ts';
import { mintCode } from '../server/verifications/verification.code.ts';
import { startVerification } from '../server/verifications/verification.start.ts';
import { leaveContact } from '../server/visitors/visitor.contact.ts';
import type { Viewer } from '../shared/access.ts';
import type { ImportMapping } from '../shared/import.ts';
import type { TestContext } from './context.ts';
import { plainMapping } from './imports.ts';
import { deliver } from './intake.ts';
import { person, plain, written } from './provider.ts';
import type { Random } from './random.ts';

/** A line that may write to whoever it likes: codes go out through it. */
export const unasked: Connector = {
  ...plain,
  manifest: {
    ...plain.manifest,
    id: 'unasked',
    capabilities: { ...plain.manifest.capabilities, canStart: 'anyone' },
  },
};

const mapping: ImportMapping = { ...plainMapping, unknown: 'skip' };

/**
 * Every way in which an identity that nobody had comes to be somebody's word. Each is said of somebody in particular, whoever they were
 * merged into by then: that is kept here, and held against what is stored.
 */
export class Stating {
  private readonly ctx: TestContext;
  private readonly viewer: Viewer;
  private readonly random: Random;
  private readonly channel: ChannelDoc;
  /** Who writes; those who come to be known are added. */
  private readonly senders: Sender[];
  /** Identity → of whom it is said, when all is apart. */
  private readonly homes: Map<string, string>;
  /** Claim → who makes it. */
  private readonly claims = new Map<string, string>();
  private readonly codes: { id: string; cid: string; home: string }[] = [];
  private count = 0;

  constructor(of: {
    ctx: TestContext;
    viewer: Viewer;
    random: Random;
    channel: ChannelDoc;
    senders: Sender[];
    homes: Map<string, string>;
  }) {
    this.ctx = of.ctx;
    this.viewer = of.viewer;
    this.random = of.random;
    this.channel = of.channel;
    this.senders = of.senders;
    this.homes = of.homes;
  }

  readonly deeds: Record<string, () => Promise<unknown>> = {
    'accept a claim': async () => {
      const { claim, home } = await this.claimed();
      await this.said(home, () => acceptClaim(this.ctx, this.viewer, { id: claim._id, reason: 'drawn' }));
    },
    'send a code': async () => {
      if (this.random() < 0.5) {
        const { claim, home } = await this.claimed();
        await this.sendCode({ cid: await this.root(home), home, start: { claimId: claim._id } });
      } else {
        const cid = await this.member();
        const value = this.number();
        await this.sendCode({ cid, home: cid, start: { address: { kind: 'mobile', value } } });
      }
    },
    'tell the code': () => this.tellCode(),
    'leave a contact': async () => {
      const sender = this.sender();
      const home = this.homeOf(sender);
      const mobile = this.number();
      const visitorId = `visitor-${this.count}`;
      const now = this.ctx.now();
      const visitor = {
        _id: `site:${visitorId}`,
        site: 'site',
        visitorId,
        identityId: identityId(sender),
        channelId: this.channel._id,
        tokenHash: '',
        userId: null,
        userHash: '',
        language: 'fa' as const,
        page: null,
        contact: { name: '', email: '', mobile: '' },
        proves: [],
        contactDue: false,
        createdAt: now,
        lastSeenAt: now,
        onlineUntil: now,
        noFollowUp: false,
        stopCode: '',
      };
      await this.ctx.models.visitors.insertMany([visitor]);
      await this.said(home, () => leaveContact(this.ctx, visitor, { name: '', email: '', mobile }));
      this.claims.set((await this.claimOf(mobile))._id, home);
    },
    'add an identity': async () => {
      const customerId = await this.member();
      const stated = { kind: 'mobile' as const, value: this.number(), reason: 'drawn' };
      await this.said(customerId, () => addIdentityByAgent(this.ctx, this.viewer, { customerId, ...stated }));
    },
    'say it by the API': async () => {
      const cid = await this.member();
      const key = {
        _id: 'key',
        name: 'key',
        hash: '',
        scopes: [],
        createdAt: this.ctx.now(),
        createdBy: this.viewer.id,
        lastUsedAt: null,
        revokedAt: null,
      };
      await this.said(cid, () =>
        addApiIdentity(
          { ctx: this.ctx, viewer: this.viewer, key },
          { cid, kind: 'mobile', value: this.number() },
        ),
      );
    },
    'import a row': async () => {
      const known = this.random() < 0.5 ? this.sender('mobile') : null;
      const cid = known ? null : await this.member();
      const value = this.number();
      const fresh = { kind: 'mobile' as const, value, display: value };
      const unit = {
        row: 1,
        upTo: 1,
        problems: [],
        cid,
        identities: [
          fresh,
          ...(known ? [{ kind: 'mobile' as const, value: known.value, display: known.display }] : []),
        ],
        name: '',
        values: [],
        record: null,
        number: null,
      };
      const options = {
        importId: `import-${this.count}`,
        kind: 'customers' as const,
        mapping,
        byUserId: 'u',
        cids: [],
      };
      await this.said(cid ?? (known ? this.homeOf(known) : ''), () =>
        commit(this.ctx, (tx) => applyWithin(tx, [unit], options)),
      );
    },
    'import history': async () => {
      const sender = this.sender();
      const value = this.number();
      const met = { channelId: this.channel._id, threadKey: '' };
      const messages = [0, 1].map((identity) => ({
        direction: 'in' as const,
        identity,
        text: `history ${this.count} of ${identity}`,
        at: new Date(this.ctx.now().getTime() - 86_400_000),
        externalId: `history-${this.count}-${identity}`,
      }));
      await this.said(this.homeOf(sender), () =>
        importConversations(this.ctx, {
          customers: [
            {
              identities: [
                { ...sender, ...met },
                { kind: 'mobile', value, display: value, ...met },
              ],
              conversations: [{ messages }],
            },
          ],
        }),
      );
    },
  };

  /** Claims that are not of who made them. */
  async strayClaims(): Promise<string[]> {
    const claims = await this.ctx.models.claims.find({}).lean<ClaimDoc[]>();
    return claims
      .filter((one) => this.claims.get(one._id) !== one.customerId)
      .map((one) => `claim ${one._id} is ${one.customerId}’s, and ${this.claims.get(one._id)} made it`);
  }

  /** Runs it; whoever comes to be known by it is of whom it was said. */
  private async said(home: string, run: () => Promise<unknown>): Promise<void> {
    await run();
    const fresh = await this.ctx.models.identities
      .find({ _id: { $nin: [...this.homes.keys()] } })
      .sort({ _id: 1 })
      .lean<IdentityDoc[]>();
    for (const one of fresh) {
      this.homes.set(one._id, home);
      if (one.homeCustomerId !== home)
        throw new Error(`Identity ${one._id} was said of ${home}, and its home is ${one.homeCustomerId}.`);
      if (one.kind === 'mobile')
        this.senders.push(person(one.value, { kind: one.kind, display: one.display }));
    }
  }

  /** Somebody says that a number is theirs. */
  private async claimed(): Promise<{ claim: ClaimDoc; home: string }> {
    const sender = this.sender();
    const value = this.number();
    const claims = [{ kind: 'mobile' as const, value, source: 'contact' }];
    await deliver(this.ctx, this.channel, [
      written(sender, `my number is ${value}`, { at: this.ctx.now(), claims }),
    ]);
    const claim = await this.claimOf(value);
    const home = this.homeOf(sender);
    this.claims.set(claim._id, home);
    return { claim, home };
  }

  private async sendCode(of: {
    cid: string;
    home: string;
    start: Parameters<typeof startVerification>[2]['start'];
  }): Promise<void> {
    const { ctx } = this;
    const { random } = ctx;
    ctx.random = known;
    try {
      await this.said(of.home, async () => {
        const { id } = await startVerification(ctx, this.viewer, { customerId: of.cid, start: of.start });
        this.codes.push({ id, cid: of.cid, home: of.home });
      });
    } finally {
      ctx.random = random;
    }
  }

  private async tellCode(): Promise<void> {
    const code = this.codes.pop();
    if (!code) return;
    await this.said(code.home, () =>
      checkVerification(this.ctx, this.viewer, {
        customerId: code.home,
        verificationId: code.id,
        code: mintCode(known),
      }),
    );
  }

  private pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.random() * list.length)];
    if (one === undefined) throw new Error('There is nothing to draw from.');
    return one;
  }

  private sender(kind?: Sender['kind']): Sender {
    return this.pick(this.senders.filter((one) => !kind || one.kind === kind));
  }

  private homeOf(sender: Sender): string {
    const home = this.homes.get(identityId(sender));
    if (!home) throw new Error(`Nobody knows whose ${identityId(sender)} is.`);
    return home;
  }

  /** Any CID, also of one who was merged into another. */
  private async member(): Promise<string> {
    return this.pick(await this.ctx.models.customers.find({}).sort({ _id: 1 }).lean<CustomerDoc[]>())._id;
  }

  /** On whose page they are today. */
  private async root(cid: string): Promise<string> {
    const customer = await this.ctx.models.customers.findOne({ members: cid, mergedInto: null }).lean();
    if (!customer) throw new Error(`Customer ${cid} is read through nobody.`);
    return customer._id;
  }

  private async claimOf(value: string): Promise<ClaimDoc> {
    const claim = await this.ctx.models.claims.findOne({ value }).lean<ClaimDoc>();
    if (!claim) throw new Error(`Nobody claims ${value}.`);
    return claim;
  }

  /** One that nobody had. */
  private number(): string {
    this.count += 1;
    return `+98913${String(this.count).padStart(7, '0')}`;
  }
}

const known = () => 0.25;
