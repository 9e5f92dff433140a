import * as z from 'zod/mini';
import {
  ApiCompanyPage,
  ApiCompanyQuery,
  ApiCustomer,
  ApiCustomerCreate,
  ApiCustomerPage,
  ApiCustomerQuery,
  ApiCustomerUpdate,
  ApiFields,
  ApiIdentities,
  ApiIdentityCreate,
  ApiRecord,
  ApiRecordAnswer,
  ApiRecordBatch,
  ApiRecordBatchAnswer,
  ApiRecordPage,
  ApiRecordQuery,
  ApiTags,
} from '../../shared/api.ts';
import { statedKinds } from '../../shared/customer.ts';
import { ExternalId, type RecordKind, RecordPut } from '../../shared/record.ts';
import { namedCompanies } from '../companies/company.service.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { listFields } from '../fields/field.service.ts';
import { parse } from '../http/validate.ts';
import { numberedRecord, putRecord, putRecords, recordsOf } from '../records/record.service.ts';
import { listTags } from '../tags/tag.service.ts';
import * as customers from './api.customers.ts';
import { type ApiCall, type ApiEndpoint, endpoint } from './api.endpoint.ts';
import * as example from './api.examples.ts';

const cid = {
  cid: {
    description: 'The customer ID. One of a merged customer stands for whom they were merged into.',
    example: example.customer.cid,
  },
};
const stated = z.enum(statedKinds);
const noCustomer = 'There is no such customer.';
const owned =
  'Another customer has one of these identities: `reason` is `identityOwned`, `data.customer` says who.';

/** The whole public API under `/api/v1`, from which its document is made. */
export const endpoints: readonly ApiEndpoint[] = [
  endpoint({
    method: 'GET',
    path: '/customers',
    scope: 'customers:read',
    id: 'findCustomers',
    summary: 'Find a customer by an identity, or page through all',
    description:
      'With `kind` and `value`: the one who has that identity, in whatever spelling it is given, or nobody. Without them: all customers by CID.',
    query: {
      schema: ApiCustomerQuery,
      descriptions: {
        kind: 'Of the identity.',
        value:
          'Of the identity: a number in any usual spelling, an address, the organisation’s own number; of a kind that channels meet, as an answer lists it.',
        after: 'The `next` of the page before.',
        limit: 'How many at most.',
      },
    },
    answer: {
      name: 'CustomerPage',
      schema: ApiCustomerPage,
      example: { customers: [example.customer], next: null },
    },
    run: (call) => customers.findApiCustomers(call, call.query),
  }),
  endpoint({
    method: 'POST',
    path: '/customers',
    scope: 'customers:write',
    id: 'createCustomer',
    summary: 'Make a customer',
    description:
      'Identities are stated by your system: they recognise whoever writes from there, and are unverified until somebody does, or a colleague verifies them with a reason.',
    idempotency: true,
    body: { name: 'CustomerCreate', schema: ApiCustomerCreate, example: example.customerCreate },
    answer: { name: 'Customer', schema: ApiCustomer, example: example.customer },
    status: 201,
    errors: { 409: owned },
    run: (call) => customers.createApiCustomer(call, call.body),
  }),
  endpoint({
    method: 'GET',
    path: '/customers/:cid',
    scope: 'customers:read',
    id: 'getCustomer',
    summary: 'One customer',
    params: cid,
    answer: { name: 'Customer', schema: ApiCustomer, example: example.customer },
    errors: { 404: noCustomer },
    run: (call) => customers.apiCustomer(call, call.param('cid')),
  }),
  endpoint({
    method: 'PATCH',
    path: '/customers/:cid',
    scope: 'customers:write',
    id: 'updateCustomer',
    summary: 'Change a customer’s name and profile',
    description:
      'What is absent stays. Tags and companies are added and removed by the ids that `/tags` and `/companies` list. Every change is kept with who made it, and can be undone by the team.',
    params: cid,
    body: { name: 'CustomerUpdate', schema: ApiCustomerUpdate, example: example.customerUpdate },
    answer: { name: 'Customer', schema: ApiCustomer, example: example.customer },
    errors: { 404: noCustomer },
    run: (call) => customers.updateApiCustomer(call, { cid: call.param('cid'), change: call.body }),
  }),
  endpoint({
    method: 'GET',
    path: '/customers/:cid/identities',
    scope: 'customers:read',
    id: 'listIdentities',
    summary: 'A customer’s identities',
    params: cid,
    answer: {
      name: 'Identities',
      schema: ApiIdentities,
      example: { identities: example.customer.identities },
    },
    errors: { 404: noCustomer },
    run: async (call) => ({ identities: (await customers.apiCustomer(call, call.param('cid'))).identities }),
  }),
  endpoint({
    method: 'POST',
    path: '/customers/:cid/identities',
    scope: 'customers:write',
    id: 'addIdentity',
    summary: 'State one more identity of a customer',
    description: 'The same again changes nothing.',
    params: cid,
    body: {
      name: 'IdentityCreate',
      schema: ApiIdentityCreate,
      example: { kind: 'emailAddress', value: 'sara@example.com' },
    },
    answer: { name: 'Customer', schema: ApiCustomer, example: example.customer },
    errors: { 404: noCustomer, 409: owned },
    run: (call) => customers.addApiIdentity(call, { cid: call.param('cid'), ...call.body }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/customers/:cid/identities/:kind/:value',
    scope: 'customers:write',
    id: 'removeIdentity',
    summary: 'Take a stated identity away',
    params: {
      ...cid,
      kind: { description: `One of ${statedKinds.join(', ')}.`, example: 'mobile' },
      value: { description: 'In any usual spelling.', example: '+989121234567' },
    },
    errors: {
      404: 'There is no such customer, or they have no such identity.',
      409: 'Somebody wrote from it or was written to there: `reason` is `identityInUse`.',
    },
    run: (call) =>
      customers.removeApiIdentity(call, {
        cid: call.param('cid'),
        kind: parse(stated, call.param('kind')),
        value: call.param('value'),
      }),
  }),
  endpoint({
    method: 'GET',
    path: '/customers/:cid/records',
    scope: 'records:read',
    id: 'listRecords',
    summary: 'A customer’s purchases and services, newest first',
    params: cid,
    query: {
      schema: ApiRecordQuery,
      descriptions: {
        kind: 'Only purchases, or only services.',
        after: 'The `next` of the page before.',
        limit: 'How many at most.',
      },
    },
    answer: { name: 'RecordPage', schema: ApiRecordPage, example: { records: [example.record], next: null } },
    errors: { 404: noCustomer },
    run: async (call) => {
      const customer = await readableCustomer(call.ctx, call.viewer, call.param('cid'));
      return recordsOf(call.ctx, { customer, ...call.query });
    },
  }),
  ...(['purchase', 'service'] as const).map((kind) =>
    endpoint({
      method: 'PUT',
      path: `/customers/:cid/${kind}s/:externalId`,
      scope: 'records:write',
      id: `put${kind === 'purchase' ? 'Purchase' : 'Service'}`,
      summary: `Write a ${kind} under your own number of it`,
      description:
        'The same again changes nothing, something else is an update: it can be sent as often as you like. Amounts are whole numbers of the smallest unit of the currency: rials for IRR. `at` is from 1900 to ten years ahead.',
      params: {
        ...cid,
        externalId: { description: `Your own number of the ${kind}, whole and stable.`, example: 'ORD-1042' },
      },
      body: { name: 'RecordPut', schema: RecordPut, example: example.recordPut },
      answer: {
        name: 'RecordAnswer',
        schema: ApiRecordAnswer,
        example: { record: { ...example.record, kind }, outcome: 'made' },
      },
      errors: { 404: noCustomer },
      run: (call) => put(call, kind),
    }),
  ),
  ...(['purchase', 'service'] as const).map((kind) =>
    endpoint({
      method: 'GET',
      path: `/${kind}s/:externalId`,
      scope: 'records:read',
      id: `get${kind === 'purchase' ? 'Purchase' : 'Service'}`,
      summary: `One ${kind} by your own number of it`,
      description: 'Whosever it is: `customerId` says who.',
      params: { externalId: { description: `Your own number of the ${kind}.`, example: 'ORD-1042' } },
      answer: {
        name: 'RecordFound',
        schema: ApiRecord,
        example: { record: { ...example.record, kind } },
      },
      errors: { 404: `There is no ${kind} of this number.` },
      run: async (call) => {
        const externalId = parse(ExternalId, call.param('externalId'));
        return { record: await numberedRecord(call.ctx, call.viewer, { kind, externalId }) };
      },
    }),
  ),
  endpoint({
    method: 'POST',
    path: '/records',
    scope: 'records:write',
    id: 'putRecords',
    summary: 'Write up to 1,000 purchases and services at once',
    description:
      'Each under your own number of it: sent again, nothing is written twice. What was written before something fails stays.',
    maxBody: '4mb',
    body: {
      name: 'RecordBatch',
      schema: ApiRecordBatch,
      example: {
        records: [
          { ...example.recordPut, kind: 'purchase', cid: example.customer.cid, externalId: 'ORD-1042' },
        ],
      },
    },
    answer: {
      name: 'RecordBatchAnswer',
      schema: ApiRecordBatchAnswer,
      example: { records: [{ record: example.record, outcome: 'same' }] },
    },
    errors: { 404: 'One of the customers is not there.', 413: 'The body is over 4 MB: send fewer at once.' },
    run: async (call) => ({
      records: await putRecords(call.ctx, {
        records: call.body.records.map(({ cid: customerId, kind, externalId, ...word }) => ({
          customerId,
          kind,
          externalId,
          put: word,
        })),
        source: { by: 'api', id: call.key._id },
      }),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/fields',
    scope: 'customers:read',
    id: 'listFields',
    summary: 'The fields that your organisation added to profiles',
    description: 'By their ids, values stand in `profile.fields`.',
    answer: { name: 'Fields', schema: ApiFields, example: { fields: [example.field] } },
    run: async (call) => ({ fields: await listFields(call.ctx, call.viewer) }),
  }),
  endpoint({
    method: 'GET',
    path: '/tags',
    scope: 'customers:read',
    id: 'listTags',
    summary: 'All tags',
    description:
      'By their ids, they stand in `profile.tagIds`. Archived ones are still shown where they are, and not given anew.',
    answer: { name: 'Tags', schema: ApiTags, example: { tags: [example.tag] } },
    run: async (call) => ({ tags: await listTags(call.ctx, call.viewer) }),
  }),
  endpoint({
    method: 'GET',
    path: '/companies',
    scope: 'customers:read',
    id: 'listCompanies',
    summary: 'Companies, by name',
    description:
      'By their ids, they stand in `profile.companyIds`. Archived ones are still shown where they are, and not given anew.',
    query: {
      schema: ApiCompanyQuery,
      descriptions: {
        q: 'The beginning of the name, in any spelling, or a whole domain of its mail.',
        after: 'The `next` of the page before.',
        limit: 'How many at most.',
      },
    },
    answer: {
      name: 'CompanyPage',
      schema: ApiCompanyPage,
      example: { companies: [example.company], next: null },
    },
    run: ({ ctx, viewer, query: { q = '', after = null, limit } }) =>
      namedCompanies(ctx, viewer, { q, archived: null, after, limit }),
  }),
];

async function put(call: ApiCall<RecordPut, undefined>, kind: RecordKind) {
  return putRecord(call.ctx, {
    customerId: call.param('cid'),
    kind,
    externalId: parse(ExternalId, call.param('externalId')),
    put: call.body,
    source: { by: 'api', id: call.key._id },
  });
}
