import { startAdvocates } from '../advocates/advocate.worker.ts';
import { flushHealth } from '../channels/channel.state.ts';
import { startExpiry } from '../channels/expiry.ts';
import type { Context } from '../context.ts';
import { startFacts } from '../customers/facts.worker.ts';
import { key } from '../db/key.ts';
import { startCompare } from '../duplicates/compare.worker.ts';
import { startAttachments } from '../files/attachments.ts';
import { startImports } from '../imports/import.worker.ts';
import { startInbound } from '../inbound/inbound.worker.ts';
import { workLane } from '../lanes/lane.worker.ts';
import { startListening } from '../listening/listen.worker.ts';
import { startPostPictures } from '../posts/post.pictures.ts';
import { startSearch } from '../search/search.worker.ts';
import { announceSizes } from '../segments/segment.size.ts';
import { startVisitorJobs } from '../visitors/visitor.jobs.ts';
import { sweep } from './sweep.ts';

/** A lane is mostly waiting for its provider. */
const lanesAtOnce = 16;
/** With a lease of 15 s; shorter leases are looked after more often. */
const sweepEveryMs = 5_000;

export interface Jobs {
  /** Nothing new is begun, what is under way comes to its end. The queue itself is its owner's to close. */
  stop(): Promise<void>;
}

/**
 * Registers the workers with the queue, wakes them when something was written, and sweeps for what nobody was woken for: at once, and
 * then every five seconds.
 */
export function startJobs(ctx: Context, options: { sweepEveryMs?: number } = {}): Jobs {
  const stopping = new AbortController();
  const endings = [
    startInbound(ctx),
    startAttachments(ctx),
    startVisitorJobs(ctx),
    startPostPictures(ctx),
    startExpiry(ctx),
    startFacts(ctx, stopping.signal),
    startAdvocates(ctx, stopping.signal),
    announceSizes(ctx),
    startCompare(ctx, stopping.signal),
    startSearch(ctx, stopping.signal),
    startListening(ctx, stopping.signal),
    startImports(ctx, stopping.signal),
    ctx.bus.on('lane.touched', ({ conversationId, channelId }) => {
      ctx.queue.wake('lane', key(conversationId, channelId));
    }),
  ];
  ctx.queue.work('lane', lanesAtOnce, (laneId) => workLane(ctx, laneId, stopping.signal), {
    leaseMs: ctx.leaseMs,
  });

  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  const round = () => {
    sweeping = sweep(ctx, stopping.signal).then(() => {
      if (stopping.signal.aborted) return;
      timer = setTimeout(round, options.sweepEveryMs ?? Math.min(sweepEveryMs, ctx.leaseMs / 3));
      timer.unref();
    });
  };
  round();

  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all([sweeping, ...endings.map((end) => end())]);
      await flushHealth(ctx);
    },
  };
}
