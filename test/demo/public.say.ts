import { between, type Language, type Person, pick, type Random, speechOf } from './compose.ts';
import { launch } from './public.words.ts';

/** Fills what somebody says in public: the goods, their town, a number of days, and the hashtag of the launch. */
export function said(
  text: string,
  { who, random, product }: { who: Pick<Person, 'language' | 'city'>; random: Random; product?: string },
): string {
  const numbers = new Intl.NumberFormat(who.language === 'fa' ? 'fa-IR' : 'en-US');
  const slots: Record<string, string> = {
    product: product ?? productOf(who.language, random),
    city: who.city,
    days: numbers.format(between(random, 3, 12)),
    tag: launch.tag,
  };
  return text.replace(/\{(\w+)\}/g, (whole, slot: string) => slots[slot] ?? whole);
}

/** The new one more often than any other. */
export function productOf(language: Language, random: Random): string {
  return random() < 0.3 ? launch.product[language] : pick(random, speechOf(language).products);
}
