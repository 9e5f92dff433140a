import type { Speech } from './speech.ts';

export const en: Speech = {
  greet: [
    'Hi',
    'Hello',
    'Good morning',
    'Hi there',
    'Hello again',
    'Good afternoon',
    'Hey',
    'Hi, this is {given}',
  ],
  agentGreet: [
    'Hi {given}',
    'Hello {given}, thanks for writing',
    'Good day {given}',
    'Hi, {agent} from Mahtab support here',
  ],
  hurry: [
    'Please let me know soon.',
    'I need it before {day}.',
    'It is a gift, so time matters.',
    'Waiting for your reply.',
    'Could you check today?',
    'I am leaving for {city} on {day}.',
  ],
  thanks: [
    'Thanks {agent}!',
    'Great, thank you so much',
    'Perfect, that solved it',
    'Thanks for the quick answer',
    'Appreciated 🙏',
    'Brilliant, the {product} works now',
    'OK thanks, I will wait',
    'Lovely service, thanks',
  ],
  welcome: [
    'You are welcome, {given}. Write here whenever you need us.',
    'Glad it helped. Your case number is {ticket}.',
    'My pleasure. Have a good day!',
    'Any time, {given}.',
  ],
  reaction: ['👍', '🙏', '❤️', '🎉'],
  products: [
    'K20 coffee maker',
    'granite pot 24 cm',
    'cordless vacuum',
    'six-person dinner set',
    '1.7 L kettle',
    'food processor',
    '25 L microwave',
    'seven-piece knife set',
    'slow juicer',
    'pressure cooker',
    'sandwich maker',
    'garment steamer',
    'hand mixer',
    'air fryer',
    'steel flask',
    'two-slot toaster',
    'LED desk lamp',
  ],
  cities: ['Tehran', 'Shiraz', 'Isfahan', 'Dubai', 'Istanbul', 'Mashhad', 'Tabriz', 'Kish'],
  days: ['Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday'],
  carriers: ['express post', 'the courier', 'our own van', 'air freight'],
  given: [
    'Emma',
    'Daniel',
    'Nora',
    'Lucas',
    'Maya',
    'Oliver',
    'Hannah',
    'Felix',
    'Clara',
    'Samir',
    'Ivy',
    'Jonas',
    'Leila',
    'Marco',
    'Ruth',
    'Theo',
  ],
  family: [
    'Baker',
    'Fischer',
    'Novak',
    'Haddad',
    'Lindgren',
    'Moreau',
    'Okafor',
    'Petrov',
    'Rossi',
    'Silva',
    'Tanaka',
    'Weber',
    'Young',
    'Kaya',
  ],
  topics: [
    {
      id: 'late',
      subject: ['Order {order} has not arrived', 'Where is parcel {track}?', 'Late delivery of {order}'],
      open: [
        'my order {order} has not arrived yet',
        'the {product} I ordered {days} days ago is still on its way?',
        'tracking {track} shows nothing',
        'order {order} was promised for {day}',
      ],
      detail: [
        'I paid {amount} toman already.',
        'Delivery address is in {city}.',
        'Was it sent with {carrier}?',
        'It is under {name}.',
      ],
      ask: [
        { ask: 'Could you send me the order number?', tell: ['Yes, {order}', '{order}, under {name}'] },
        {
          ask: 'Is {city} still the right address?',
          tell: ['Yes, {city}, number {last4}', 'Yes, {city} is right'],
        },
        {
          ask: 'Did {carrier} send you a text?',
          tell: ['No text at all since {day}', 'One with the code {track}'],
        },
      ],
      solve: [
        '{order} left our warehouse today with {carrier}; tracking {track}.',
        'I called {carrier}: it is in {city} and arrives on {day}.',
        'Sorry for the delay. A new parcel for {order} is booked for {day}.',
      ],
      again: [
        {
          follow: 'Still nothing here, and it is {day}',
          close: ['I just spoke to {carrier}: today by {time}. Case {ticket}.'],
        },
        {
          follow: 'Tracking {track} says invalid',
          close: ['It takes a few hours to appear; please try again tonight.'],
        },
        {
          follow: 'It arrived, the box was wet though',
          close: ['Good to hear. If the {product} is harmed we replace it: {ticket}.'],
        },
      ],
    },
    {
      id: 'broken',
      subject: ['{product} is broken', 'Problem with order {order}', 'Warranty for serial {serial}'],
      open: [
        'the {product} arrived with a crack',
        'my {product} does not switch on',
        'a part of the {product} is missing',
        'the {product} stopped after {days} days',
      ],
      detail: ['I can send a photo.', 'Order {order}.', 'Invoice {invoice} if you need it.'],
      ask: [
        {
          ask: 'What is the serial number on the back?',
          tell: ['Serial {serial}', '{serial}, next to the label'],
        },
        {
          ask: 'Replacement or refund?',
          tell: ['Replacement please, the same {product}', 'Refund please, it was {amount}'],
        },
      ],
      solve: [
        'Replacement {ticket} is booked; {carrier} picks the old one up on {day}.',
        '{amount} toman go back to your card within {days} working days.',
        'The part ships today, tracking {track}.',
      ],
      again: [
        {
          follow: 'Nobody came to pick the {product} up',
          close: ['Sorry. {day} at {time} for certain, case {ticket}.'],
        },
        {
          follow: 'The new one is fine',
          close: ['Thanks for telling us; our quality team has it as {ticket}.'],
        },
        {
          follow: 'The refund of {amount} is not there yet',
          close: ['Confirmed just now, reference {track}.'],
        },
      ],
    },
    {
      id: 'question',
      subject: ['Question about the {product}', 'Is the {product} in stock?'],
      open: [
        'do you have the {product} in stock?',
        'what does the {product} cost?',
        'does the {product} come with a warranty?',
        'is the {product} right for a family of {days}?',
        'do you ship the {product} to {city}?',
      ],
      detail: [
        'The site says sold out.',
        'Any discount for two?',
        'Do you have it in white?',
        'Is there an English manual?',
      ],
      ask: [
        { ask: 'What would you use it for?', tell: ['A small café in {city}', 'At home, we are {days}'] },
        { ask: 'Any colour in mind?', tell: ['Black or silver', 'Whatever reaches {city} first'] },
      ],
      solve: [
        'Yes, the {product} is {amount} toman today with free shipping to {city}.',
        'It has {warranty} months of warranty and costs {amount} toman.',
        'The {product} is back on {day}; shall I text you?',
      ],
      again: [
        {
          follow: 'I will take it. Can you send the link?',
          close: ['Here it is: https://shop.example/p/{serial}'],
        },
        {
          follow: 'A bit expensive, anything cheaper?',
          close: ['Try https://shop.example/p/{serial} with the code {coupon}.'],
        },
        { follow: 'Yes please, text me on {day}', close: ['Done, you are on the list as {ticket}.'] },
      ],
    },
    {
      id: 'charged',
      subject: ['Charged twice for {order}', 'Refund of {amount} toman', 'Payment for {order} failed'],
      open: [
        'my card was charged {amount} but there is no order',
        'I was charged {amount} twice',
        'the payment page fails for {order}',
      ],
      detail: ['Bank reference {track}.', 'It was at {time}.', 'The card ends in {last4}.'],
      ask: [
        {
          ask: 'Which time and last four digits?',
          tell: ['{last4}, at {time}', 'At {time}, ending in {last4}'],
        },
        { ask: 'Do you have the bank reference?', tell: ['Reference {track}', 'Yes, {track}'] },
      ],
      solve: [
        'That payment failed; {amount} toman come back within 72 hours.',
        'I placed it by hand: {order}. No need to pay again.',
      ],
      again: [
        {
          follow: '72 hours and nothing, reference {track}',
          close: ['Finance confirms {amount} toman at {time}.'],
        },
        { follow: 'The {amount} are back', close: ['Good. {order} stays open if you still want it.'] },
      ],
    },
    {
      id: 'invoice',
      subject: ['Invoice for order {order}', 'Please correct invoice {invoice}'],
      open: ['I need an invoice for {order}', 'could you resend invoice {invoice}?'],
      detail: ['It was {amount} toman.', 'Our books close on {day}.'],
      ask: [
        { ask: 'Personal or company invoice?', tell: ['Company please, details follow', 'Personal, {name}'] },
      ],
      solve: [
        'Invoice {invoice} is on its way.',
        'Invoice {invoice} over {amount} toman is ready by {time}.',
      ],
      again: [
        {
          follow: 'The company name on {invoice} is misspelt',
          close: ['Corrected and sent again, case {ticket}.'],
        },
      ],
    },
    {
      id: 'praise',
      subject: ['Thank you for order {order}', 'Happy with the {product}'],
      open: [
        'just wanted to say the {product} is excellent',
        'third purchase and still happy, now the {product}',
        'I told all my friends in {city} about the {product}',
      ],
      detail: [
        '{days} months and going strong.',
        'My sister in {city} ordered too.',
        'Posted a picture of it.',
      ],
      ask: [
        { ask: 'May we quote you on our site?', tell: ['Sure, {name}', 'Rather without my name'] },
        { ask: 'What do you like most?', tell: ['How quiet the {product} is', 'The delivery to {city}'] },
      ],
      solve: ['That made our day. A small thank-you: {coupon}', '{amount} toman of credit for the referral.'],
      again: [
        {
          follow: 'Oh wow, thank you. How long is {coupon} valid?',
          close: ['{coupon} is valid until the end of the month.'],
        },
      ],
    },
  ],
};
