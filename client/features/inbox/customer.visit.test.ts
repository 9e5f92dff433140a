import { describe, expect, it } from 'vitest';
import { pageOf } from './customer.visit.tsx';

describe('the page a visitor is at', () => {
  it('is a link with its title, or with its address', () => {
    expect(pageOf({ url: 'https://shop.example/cart?x=1', title: 'Cart' })).toEqual({
      name: 'Cart',
      href: 'https://shop.example/cart?x=1',
    });
    expect(pageOf({ url: 'http://shop.example/cart?x=1', title: ' ' })).toEqual({
      name: 'shop.example/cart',
      href: 'http://shop.example/cart?x=1',
    });
  });

  it('is no link when it leads anywhere but to a site', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'nonsense'])
      expect(pageOf({ url, title: 'Cart' })).toEqual({ name: 'Cart', href: null });
    expect(pageOf({ url: 'javascript:alert(1)', title: '' })).toBeNull();
  });
});
