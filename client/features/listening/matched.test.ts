import { expect, it } from 'vitest';
import { matchedIn } from './matched.ts';

const marked = (text: string, terms: string[], kind: 'keyword' | 'hashtag' = 'keyword') =>
  matchedIn(text, [{ kind, terms }]).map(([start, end]) => text.slice(start, end));

it.each([
  ['from Elm Shop and elm', ['Elm Shop'], ['Elm Shop']],
  ['فروشگاه نارون خوب است', ['نارون'], ['نارون']],
  ['پیش‌نویس من', ['پیشنویس'], ['پیش‌نویس']],
  ['گوشیها را دیدم', ['گوشی'], ['گوشیها']],
  ['پاوربانکتون داغ شد، پاوربانک خوبی نیست', ['پاوربانک'], ['پاوربانکتون', 'پاوربانک']],
  ['پاور بانکم را پس دادم', ['پاور بانک'], ['پاور بانکم']],
  ['نارون، نارونی و نارونه', ['نارون'], ['نارون', 'نارونه']],
  ['گوشی‌هام و گوشه', ['گوشی'], ['گوشی‌هام']],
  ['نارون، پلاس', ['نارون پلاس'], []],
  ['گران بود #بلک_فرایدی', ['#بلک فرایدی'], ['#بلک_فرایدی']],
  ['hey @Elm.Shop, hello', ['@elm.shop'], ['@Elm.Shop']],
  ['nothing here', ['elm'], []],
])('in «%s» the words %j are %j', (text, terms, found) => {
  expect(marked(text, terms)).toEqual(found);
});

it('marks a hashtag alone for a search of hashtags', () => {
  expect(marked('elm and #Elm', ['elm'], 'hashtag')).toEqual(['#Elm']);
});

it('marks what several terms share once, in the order of the text', () => {
  expect(marked('the elm shop of Elm', ['elm', 'elm shop'])).toEqual(['elm shop', 'Elm']);
});
