/** What people say in the demonstration's history. Slots in braces are filled by compose.ts; nobody in it is real. */
export interface Topic {
  id: string;
  /** Of a letter about it. */
  subject: string[];
  /** The customer's first words after the greeting. */
  open: string[];
  /** Something they add, in the same breath or in a message of its own. */
  detail: string[];
  /** The agent asks back, and what the customer answers to that. */
  ask: { ask: string; tell: string[] }[];
  /** The agent says what will be done. */
  solve: string[];
  /** The customer comes back to it, and what the agent then says. */
  again: { follow: string; close: string[] }[];
}

export interface Speech {
  greet: string[];
  agentGreet: string[];
  hurry: string[];
  thanks: string[];
  welcome: string[];
  reaction: string[];
  products: string[];
  cities: string[];
  streets: string[];
  jobs: string[];
  days: string[];
  carriers: string[];
  given: string[];
  family: string[];
  topics: Topic[];
}
