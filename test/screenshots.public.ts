import type { Page } from '@playwright/test';
import { advocates } from '../client/i18n/fa/advocates.ts';
import { listening } from '../client/i18n/fa/listening.ts';
import type { Conversation } from '../shared/conversation.ts';
import type { Preferences } from '../shared/user.ts';
import type { Agent } from './agent.ts';
import type { Square } from './demo/square.ts';
import { expect } from './journeys/desk.ts';
import { until } from './world.ts';

type Login = { email: string; password: string };

const question = 'سلام، فیلتر قهوه‌ساز K30 را چطور تمیز کنم؟';
const answer =
  'سلام، فیلتر K30 را هر دو هفته با آب ولرم و کمی سرکه بشویید و خشک سر جایش بگذارید. فیلم کوتاهش را هم برایتان می‌فرستیم.';

/** What is said in public, as a marketer and an agent see it: the board, the stream, and a conversation under a post. */
export async function publicPictures(of: {
  staff: Agent;
  square: Square;
  negar: Login;
  raha: Login;
  preferences: Partial<Preferences>;
  shoot(
    file: string,
    options: {
      login: Login;
      preferences: Partial<Preferences>;
      path: string;
      ready: (page: Page) => Promise<void>;
    },
  ): Promise<void>;
}): Promise<void> {
  const { staff, square, negar, raha, preferences, shoot } = of;
  await shoot('advocates-fa.png', {
    login: raha,
    preferences,
    path: '/advocates',
    ready: async (page) => {
      for (const stage of ['discovered', 'ambassador'] as const)
        await expect(
          page
            .getByRole('region', { name: advocates.stage[stage], exact: true })
            .locator('[data-card]')
            .first(),
        ).toBeVisible();
    },
  });
  await shoot('listening-fa.png', {
    login: raha,
    preferences,
    path: '/listening',
    ready: async (page) => {
      await expect(page.getByRole('link', { name: listening.spikes.look })).toBeVisible();
      await expect(
        page.getByRole('feed', { name: listening.stream.list }).getByRole('article').first(),
      ).toBeVisible();
    },
  });
  await square.says({ way: 'instagram', name: 'مینا صالحی', text: question });
  const asked = await until('a question under a post', async (): Promise<Conversation | undefined> => {
    const { conversations } = await staff.conversations();
    return conversations.find(({ preview }) => preview?.text === question);
  });
  await staff.reply(asked, answer);
  await shoot('public-fa.png', {
    login: negar,
    preferences,
    path: `/inbox/all/${asked.id}`,
    ready: async (page) => {
      await expect(page.locator('#timeline [data-post]').first()).toBeVisible();
      await expect(page.locator('#timeline').getByText(answer)).toBeVisible();
    },
  });
}
