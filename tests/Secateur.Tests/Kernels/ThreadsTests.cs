using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class ThreadsTests
{
    public static TheoryData<int> Counts => [1, 2, 3, 4, 9];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_task_runs_exactly_once(int threads)
    {
        using var pool = new Threads(threads);
        foreach (int tasks in (int[])[0, 1, 2, 3, 7, 64, 1000])
            for (int round = 0; round < 50; round++)
            {
                var done = new int[tasks];
                pool.For(tasks, new Tally(done, new int[threads]));
                Assert.All(done, n => Assert.Equal(1, n));
            }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_worker_s_number_is_used_by_one_task_at_a_time(int threads)
    {
        using var pool = new Threads(threads);
        var inUse = new int[threads];
        for (int round = 0; round < 200; round++)
            pool.For(100, new Tally(new int[100], inUse));
        Assert.All(inUse, n => Assert.Equal(0, n));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Failures_surface_as_one_exception_and_the_pool_works_afterwards(int threads)
    {
        using var pool = new Threads(threads);
        for (int round = 0; round < 20; round++)
        {
            AggregateException e = Assert.Throws<AggregateException>(() => pool.For(50, new Failing(7)));
            Assert.All(e.InnerExceptions, inner => Assert.IsType<InvalidTimeZoneException>(inner));
            var done = new int[50];
            pool.For(50, new Tally(done, new int[threads]));
            Assert.All(done, n => Assert.Equal(1, n));
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_call_from_inside_a_task_runs_there(int threads)
    {
        using var pool = new Threads(threads);
        var inner = new int[20 * 30];
        pool.For(20, new Nested(pool, inner));
        Assert.All(inner, n => Assert.Equal(1, n));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Many_callers_share_a_pool(int threads)
    {
        using var pool = new Threads(threads);
        using var callers = new Threads(4);
        var counts = new int[4 * 25 * 40];
        callers.For(4, new Callers(pool, counts));
        Assert.All(counts, n => Assert.Equal(1, n));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_call_allocates_nothing(int threads)
    {
        using var pool = new Threads(threads);
        var done = new int[64];
        var work = new Tally(done, new int[threads]);
        pool.For(64, work);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            pool.For(64, work);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Sleeping_workers_and_late_ones_lose_no_task()
    {
        // Pauses around the time after which a worker parks, so that calls meet workers awake, falling asleep and asleep.
        using var pool = new Threads(3);
        var random = new Random(5);
        var inUse = new int[3];
        for (int round = 0; round < 300; round++)
        {
            var done = new int[9];
            pool.For(9, new Tally(done, inUse));
            Assert.All(done, n => Assert.Equal(1, n));
            if (random.Next(4) == 0)
                Thread.Sleep(1);
            else
                Thread.SpinWait(random.Next(4000));
        }
    }

    [Fact]
    public void A_disposed_pool_still_runs_what_it_is_given()
    {
        var pool = new Threads(3);
        pool.Dispose();
        pool.Dispose();
        var done = new int[40];
        pool.For(40, new Tally(done, new int[3]));
        Assert.All(done, n => Assert.Equal(1, n));
    }

    [Fact]
    public void Counts_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Threads(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Threads.Inline.For(-1, new Failing(0)));
    }

    readonly struct Tally(int[] done, int[] inUse) : IWork
    {
        public void Run(int task, int worker)
        {
            if (Interlocked.Increment(ref inUse[worker]) != 1)
                throw new InvalidOperationException($"worker {worker} is two at once");
            Interlocked.Increment(ref done[task]);
            Interlocked.Decrement(ref inUse[worker]);
        }
    }

    readonly struct Failing(int from) : IWork
    {
        public void Run(int task, int worker)
        {
            if (task >= from)
                throw new InvalidTimeZoneException("on purpose");
        }
    }

    readonly struct Nested(Threads pool, int[] counts) : IWork
    {
        public void Run(int task, int worker) => pool.For(30, new Part(counts, task * 30));
    }

    readonly struct Callers(Threads pool, int[] counts) : IWork
    {
        public void Run(int task, int worker)
        {
            for (int i = 0; i < 25; i++)
                pool.For(40, new Part(counts, ((task * 25) + i) * 40));
        }
    }

    readonly struct Part(int[] counts, int first) : IWork
    {
        public void Run(int task, int worker) => Interlocked.Increment(ref counts[first + task]);
    }
}
