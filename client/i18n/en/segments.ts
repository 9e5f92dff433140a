import type { segments as persian } from '../fa/segments.ts';
import { count, en, iso } from '../words.ts';

/** Segments and companies. */
export const segments: typeof persian = {
  segments: {
    text: 'A segment is the customers who meet your conditions. It keeps itself up to date.',
    list: 'Segments',
    add: 'New segment',
    everyone: 'Everyone',
    mine: 'Only me',
    ownedBy: (name) => `By ${iso(name)}`,
    customers: (n) => count(n, 'customer'),
    about: (n) => `About ${count(n, 'customer')}`,
    aboutHint: 'Estimated from a sample.',
    menu: (name) => `More about the segment “${iso(name)}”`,
    show: 'Show customers',
    showOf: (name) => `Show the customers of “${iso(name)}”`,
    edit: 'Edit',
    open: 'See its conditions',
    duplicate: 'Make a copy',
    copyOf: (name) => `${name} (copy)`,
    delete: 'Delete',
    deleted: (name) => `Segment “${iso(name)}” deleted`,
    saved: (name) => `Segment “${iso(name)}” saved`,
    created: (name) => `Segment “${iso(name)}” created`,
    emptyTitle: 'No segments yet',
    emptyText: 'For example: bought in the last 90 days and prefer text messages.',
    loadFailed: 'Segments could not be loaded',
    goneTitle: 'There is no such segment',
    goneText: 'It may have been deleted, or belongs to a colleague who has not shared it.',
    back: 'All segments',
    left: 'The segment was not saved',
    goOn: 'Go on editing',
    name: 'Name of the segment',
    nameHint: 'For example: loyal buyers in Tehran',
    share: 'All colleagues can see it',
    shareHelp: 'Everybody sees only the customers they have access to.',
    shareNot: 'Only an administrator can share a segment with everyone.',
    readOnly:
      'This segment is everyone’s, and only an administrator changes it. You can make a copy of your own.',
  },

  rule: {
    title: 'Who?',
    which: 'Customers who meet',
    groupWhich: 'Who meet',
    match: { all: 'all conditions', any: 'at least one' },
    matchLabel: 'How many conditions must hold',
    and: 'and',
    or: 'or',
    addCondition: 'Add a condition',
    addToGroup: 'Add a condition to the group',
    addGroup: 'Add a group',
    group: 'Group of conditions',
    removeGroup: 'Remove the group',
    removed: 'Condition removed',
    groupRemoved: 'Group removed',
    attribute: 'Attribute',
    findAttribute: 'Search for an attribute',
    operator: 'How it compares',
    value: 'Value',
    remove: (sentence) => `Remove the condition: ${iso(sentence)}`,
    choose: 'Choose…',
    chooseFor: (attribute) => `${attribute}: choose`,
    more: (n) => `and ${en(n)} more`,
    typeName: 'Search, or type a name',
    addName: (name) => `Take “${iso(name)}”`,
    days: 'days',
    toman: 'tomans',
    percent: 'percent',
    unfinished: 'This condition is unfinished.',
    needs: {
      text: 'Write a text.',
      number: 'Write a number.',
      days: 'Write how many days, from 1 to 36,500.',
      list: 'Choose at least one.',
      gone: 'This attribute is gone. Remove the condition.',
    },
    everybody: 'All customers',
    noneYet: 'No conditions yet: the segment holds all customers.',
    preview: 'Preview',
    leftOut: (n) => `${count(n, 'unfinished condition is', 'unfinished conditions are')} not counted.`,
    countFailed: 'Counting failed',
    nobody: 'Nobody meets these conditions now.',
    members: 'Some of them',
    inWords: 'In plain words',
    unknown: 'something that is gone',
    most: 'A group holds at most 20 conditions.',
    groups: {
      profile: 'Profile',
      custom: 'Custom fields',
      belongs: 'Tags and companies',
      contact: 'Contact points and consent',
      activity: 'Conversations',
      value: 'Purchases and services',
      care: 'Quality of the record',
    },
    moods: { positive: 'positive', neutral: 'neutral', negative: 'negative' },
    attributes: {
      name: 'Name',
      city: 'City',
      address: 'Address',
      job: 'Job',
      language: 'Language',
      birthday: 'Birthday',
      tags: 'Tags',
      companies: 'Companies',
      channels: 'Channels they have talked on',
      identities: 'Contact points',
      verified: 'Verified contact points',
      reachable: 'Contact points that can be reached',
      consent: 'Consents to receive messages',
      consentWithdrawn: 'Consents withdrawn',
      preferredChannel: 'Preferred channel',
      boughtItems: 'Items bought',
      boughtItems365: 'Items bought (365 days)',
      boughtCodes: 'Codes of items bought',
      spent: 'Total spent',
      spent90: 'Total spent (90 days)',
      spent365: 'Total spent (365 days)',
      purchases: 'Number of purchases',
      firstPurchaseAt: 'First purchase',
      lastPurchaseAt: 'Last purchase',
      services: 'Number of services',
      serviceNames: 'Services received',
      serviceNames365: 'Services received (365 days)',
      firstServiceAt: 'First service',
      lastServiceAt: 'Last service',
      conversations: 'Number of conversations',
      firstAt: 'First met',
      lastAt: 'Last message either way',
      lastInboundAt: 'Last message from the customer',
      lastOutboundAt: 'Last message from us',
      lastSentiment: 'Mood of their last message',
      positiveMessages: 'Positive messages (90 days)',
      negativeMessages: 'Negative messages (90 days)',
      createdAt: 'Record created',
      completeness: 'Completeness',
      problems: 'Problems of the record',
    },
    operators: {
      text: {
        is: 'is',
        isNot: 'is not',
        contains: 'contains',
        startsWith: 'starts with',
        isSet: 'is known',
        notSet: 'is not known',
      },
      number: {
        equals: 'is exactly',
        notEquals: 'is not',
        moreThan: 'is more than',
        atLeast: 'is at least',
        lessThan: 'is less than',
        atMost: 'is at most',
        isSet: 'is known',
        notSet: 'is not known',
      },
      moment: {
        before: 'is before',
        since: 'is on or after',
        inLast: 'is within the last',
        notInLast: 'is not within the last',
        isSet: 'ever happened',
        notSet: 'never happened',
      },
      day: {
        before: 'is before',
        since: 'is on or after',
        inLast: 'is within the last',
        notInLast: 'is not within the last',
        isSet: 'is known',
        notSet: 'is not known',
      },
      yesNo: { isYes: 'is yes', isNo: 'is no', isSet: 'is known', notSet: 'is not known' },
      one: { anyOf: 'is any of', noneOf: 'is none of', isSet: 'is known', notSet: 'is not known' },
      many: {
        anyOf: 'include any of',
        allOf: 'include all of',
        noneOf: 'include none of',
        isSet: 'are known',
        notSet: 'are not known',
      },
      names: {
        anyOf: 'include any of',
        allOf: 'include all of',
        noneOf: 'include none of',
        contains: 'contain',
        isSet: 'are known',
        notSet: 'are not known',
      },
    },
    quoted: (text) => `“${iso(text)}”`,
    sentence: (type, { operator, attribute: a, value: v, several }) => {
      switch (operator) {
        case 'is':
        case 'equals':
          return `${a} is ${v}`;
        case 'isNot':
        case 'notEquals':
          return `${a} is not ${v}`;
        case 'contains':
          return type === 'names' ? `${a} contain ${v}` : `${a} contains ${v}`;
        case 'startsWith':
          return `${a} starts with ${v}`;
        case 'moreThan':
          return `${a} is more than ${v}`;
        case 'atLeast':
          return `${a} is at least ${v}`;
        case 'lessThan':
          return `${a} is less than ${v}`;
        case 'atMost':
          return `${a} is at most ${v}`;
        case 'before':
          return `${a} is before ${v}`;
        case 'since':
          return `${a} is on or after ${v}`;
        case 'inLast':
          return `${a} is within the last ${v}`;
        case 'notInLast':
          return `${a} is not within the last ${v}`;
        case 'isYes':
          return `${a}: yes`;
        case 'isNo':
          return `${a}: no`;
        case 'isSet':
          if (type === 'moment') return `${a} ever happened`;
          return type === 'many' || type === 'names' ? `${a} are known` : `${a} is known`;
        case 'notSet':
          if (type === 'moment') return `${a} never happened`;
          return type === 'many' || type === 'names' ? `${a} are not known` : `${a} is not known`;
        case 'anyOf':
          if (type === 'one') return `${a} is ${v}`;
          return `${a} include ${v}`;
        case 'noneOf':
          if (type === 'one') return several ? `${a} is none of ${v}` : `${a} is not ${v}`;
          return several ? `${a} include none of ${v}` : `${a} do not include ${v}`;
        case 'allOf':
          return `${a} include ${v}`;
      }
    },
    inDays: (n) => count(n, 'day'),
    blank: '…',
    inBrackets: (text) => `(${text})`,
  },

  companies: {
    text: 'Organisations that customers work for or buy for.',
    add: 'New company',
    create: 'Create company',
    edit: (name) => `Edit “${iso(name)}”`,
    search: 'Search by name or domain',
    name: 'Name of the company',
    nationalId: 'National identifier',
    nationalIdHelp: 'Eleven digits; the last one proves the others.',
    nationalIdLength: 'A national identifier has eleven digits.',
    nationalIdWrong: 'These eleven digits are no national identifier: the last one does not fit the others.',
    domains: 'E-mail domains',
    domainsHelp: 'One a line, for example',
    domainWrong: (domain) => `“${iso(domain)}” is not a domain. For example: example.com`,
    note: 'Note',
    taken: 'Another company has this name.',
    idTaken: 'Another company has this national identifier.',
    created: (name) => `Company “${iso(name)}” created`,
    saved: (name) => `Company “${iso(name)}” saved`,
    archive: (name) => `Archive “${iso(name)}”`,
    archived: (name) => `Company “${iso(name)}” archived`,
    restore: (name) => `Restore “${iso(name)}”`,
    restored: (name) => `Company “${iso(name)}” restored`,
    state: 'Which companies',
    working: 'Active',
    archivedTitle: 'Archived',
    people: (n) => count(n, 'person', 'people'),
    nobody: 'No customers',
    peopleOf: (name, n) => `${count(n, 'customer')} of “${iso(name)}”`,
    more: 'Show more',
    emptyTitle: 'No companies yet',
    emptyText: 'Create one here, or write its name on a customer’s page.',
    noneFound: 'No company has this name or domain.',
    noneArchived: 'No company is archived.',
    loadFailed: 'Companies could not be loaded',
    only: (name) => `Company: ${iso(name)}`,
    all: 'Remove the company filter',
    emptyPeople: (name) => `Nobody belongs to “${iso(name)}”`,
    emptyPeopleText: 'A customer’s company is set on the customer’s page.',
  },
};
