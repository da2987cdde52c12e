import { JsonService } from '../../fakes/json-service';

type Result = { readonly ErrorCode?: string; readonly ErrorMessage?: string };

/** Service that takes several entries in a call and answers for each of them: `PutRecords` of Kinesis, `PutEvents` of EventBridge. */
export class FakeEntries<Entry> extends JsonService {
  /** Entries of each call. */
  readonly calls: Entry[][] = [];
  readonly taken: Entry[] = [];
  /** Returns the error code of an entry that is refused. */
  refuse: (entry: Entry) => string | undefined = () => undefined;

  protected readonly operationHandlers = {
    PutRecords: ({ Records }: { Records: Entry[] }) => ({ Records: this.take(Records) }),
    PutEvents: ({ Entries }: { Entries: Entry[] }) => ({ Entries: this.take(Entries) }),
  };

  constructor(readonly serviceId: 'KINESIS' | 'EVENTBRIDGE') {
    super();
  }

  private take(entries: Entry[]): Result[] {
    this.calls.push(entries);
    return entries.map((entry) => {
      const ErrorCode = this.refuse(entry);
      if (ErrorCode !== undefined) return { ErrorCode, ErrorMessage: 'refused' };
      this.taken.push(entry);
      return {};
    });
  }
}
