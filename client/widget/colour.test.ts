import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, inkOn, textOn } from './colour.ts';

const colour = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`);

describe('the colour of a site', () => {
  it('knows the two ends of contrast', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 1);
  });

  it('always carries text that can be read', () => {
    fc.assert(fc.property(colour, (one) => contrast(one, textOn(one)) >= 4.5));
  });

  it('becomes an ink that can be read on light and on dark', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom('#ffffff', '#f6f6f4', '#161b1a', '#222927'), (one, surface) => {
        return contrast(inkOn(surface, one), surface) >= 4.5;
      }),
    );
  });

  it('stays as it is where it can be read already', () => {
    expect(inkOn('#ffffff', '#0d6660')).toBe('#0d6660');
  });
});
