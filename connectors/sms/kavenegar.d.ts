/** The package has no types of its own. Only what is used here; every method goes through `request`. */
declare module 'kavenegar' {
  type Params = Record<string, string | number>;
  type Done = (entries: unknown, status: number, message: string) => void;
  interface Kavenegar {
    request(action: string, method: string, params: Params, done?: Done): void;
    Send(params: Params, done?: Done): void;
    Status(params: Params, done?: Done): void;
    StatusLocalMessageid(params: Params, done?: Done): void;
    Receive(params: Params, done?: Done): void;
    AccountInfo(params: Params, done?: Done): void;
  }
  export function KavenegarApi(options: { apikey: string }): Kavenegar;
}
