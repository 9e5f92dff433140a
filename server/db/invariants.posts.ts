import type { MentionDoc } from '../listening/mention.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { PostDoc } from '../posts/post.model.ts';
import type { Models } from './models.ts';

/** What is said in public hangs on a post that is here and came through the same channel; a post that was deleted says nothing any more. */
export async function postsHold(models: Models): Promise<string[]> {
  const faults: string[] = [];
  const posts = new Map<string, PostDoc>();
  for await (const doc of models.posts.find({}).sort({ _id: 1 }).lean<PostDoc[]>().cursor()) {
    const post = doc as PostDoc;
    posts.set(post._id, post);
    if (post.deletedAt && (post.text || post.url || post.pictures.length || post.fetched.length))
      faults.push(`post ${post._id}: it was deleted and still says something`);
  }
  const hangs = (what: string, of: { postId?: string | null; channelId: string | null }) => {
    const post = posts.get(of.postId ?? '');
    if (!post) faults.push(`${what}: its post ${of.postId} does not exist`);
    else if (!post.channelIds.includes(of.channelId ?? ''))
      faults.push(`${what}: its post ${of.postId} does not know its channel ${of.channelId}`);
  };
  const under = models.messages.find({ postId: { $exists: true } }).sort({ _id: 1 });
  for await (const doc of under.lean<MessageDoc[]>().cursor()) {
    const message = doc as MessageDoc;
    hangs(`message ${message._id}`, message);
    if (message.visibility !== 'public')
      faults.push(`message ${message._id}: it is ${message.visibility} and hangs on a public post`);
  }
  for await (const doc of models.mentions.find({}).sort({ _id: 1 }).lean<MentionDoc[]>().cursor()) {
    const mention = doc as MentionDoc;
    if (mention.postId) hangs(`mention ${mention._id}`, mention);
  }
  return faults;
}
