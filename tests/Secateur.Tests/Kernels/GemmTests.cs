using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

/// <summary>The matrix product is one multiply-add chain an output, in the order of the inputs: its bits are known.</summary>
public sealed class GemmTests
{
    static readonly int[] AwkwardSizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 192, 255, 256, 257];

    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_number_of_rows_gives_the_bits_of_the_chain(string set)
    {
        for (int rows = 0; rows <= 40; rows++)
            AssertChain(KernelSet.Get(set), Threads.Inline, new Case(rows, 37, 45));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_of_the_sums_gives_the_bits_of_the_chain(string set)
    {
        for (int inputs = 0; inputs <= 257; inputs++)
            AssertChain(KernelSet.Get(set), Threads.Inline, new Case(7, inputs, 19));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_number_of_outputs_gives_the_bits_of_the_chain(string set)
    {
        for (int outputs = 0; outputs <= 257; outputs++)
            AssertChain(KernelSet.Get(set), Threads.Inline, new Case(5, 11, outputs));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Awkward_sizes_together_give_the_bits_of_the_chain_on_any_number_of_threads(string set)
    {
        using Threads two = new(2), three = new(3), four = new(4);
        Threads[] pools = [Threads.Inline, two, three, four];
        for (int i = 0; i < 200; i++)
        {
            var size = new Random(i);
            AssertChain(KernelSet.Get(set), pools[i % 4], new Case(1 + size.Next(220), AwkwardSizes[size.Next(AwkwardSizes.Length)], AwkwardSizes[size.Next(AwkwardSizes.Length)])
            {
                Bias = size.Next(2) == 0,
                Scale = size.Next(2) == 0,
                Residual = size.Next(2) == 0,
                InPlace = size.Next(2) == 0,
            });
        }
    }

    /// <summary>Fused into the product, an activation gives the bits that it gives on its own.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_epilogue_is_residual_plus_scale_times_activation_of_product_plus_bias(string set)
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
            for (int parts = 0; parts < 16; parts++)
                foreach (int outputs in (int[])[33, 64])
                    AssertChain(KernelSet.Get(set), Threads.Inline, new Case(14, 20, outputs)
                    {
                        Activation = activation,
                        Bias = (parts & 1) != 0,
                        Scale = (parts & 2) != 0,
                        Residual = (parts & 4) != 0,
                        InPlace = (parts & 8) != 0,
                    });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_sums_are_near_those_of_double_precision(string set)
    {
        const int rows = 23, inputs = 768, outputs = 70;
        var run = new Run(KernelSet.Get(set), Threads.Inline, new Case(rows, inputs, outputs));
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < outputs; j++)
            {
                double sum = 0, size = 0;
                for (int k = 0; k < inputs; k++)
                {
                    sum += (double)run.X.Row(i)[k] * run.Weight[(j * inputs) + k];
                    size += Math.Abs((double)run.X.Row(i)[k] * run.Weight[(j * inputs) + k]);
                }

                // A chain of n roundings is off by at most n half units of the sum of magnitudes; 2^-24 is half a unit.
                Assert.InRange(run.Y.Row(i)[j] - sum, -inputs * size / (1 << 24), inputs * size / (1 << 24));
            }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Packing_and_unpacking_gives_the_weight_back(string set)
    {
        foreach ((int outputs, int inputs) in ((int, int)[])[(0, 0), (1, 1), (1, 257), (257, 1), (33, 18), (64, 16), (100, 37), (1000, 192)])
        {
            float[] weight = KernelSets.Values(outputs * inputs, 3, 1), back = new float[weight.Length];
            KernelSet.Get(set).Pack(weight, outputs, inputs).Unpack(back);
            Assert.Equal(weight, back);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_product_allocates_nothing(string set)
    {
        using var pool = new Threads(2);
        var kernels = KernelSet.Get(set);
        Matrix x = Matrix.Allocate(30, 40), y = Matrix.Allocate(30, 70);
        PackedMatrix weight = kernels.Pack(new float[70 * 40], 70, 40);
        var epilogue = new Epilogue { Bias = new float[70], Activation = Activation.Gelu, Residual = y };
        kernels.Multiply(pool, x, weight, y, epilogue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            kernels.Multiply(pool, x, weight, y, epilogue);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        KernelSet kernels = KernelSet.Default;
        PackedMatrix weight = kernels.Pack(new float[12], 3, 4);
        Matrix x = Matrix.Allocate(5, 4), y = Matrix.Allocate(5, 3);
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, y, weight, y, default));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, x, weight, x, default));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, x.SliceRows(0, 4), weight, y, default));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, x, new PackedMatrix(new float[12], 3, 4, 5), y, default));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, x, weight, y, new Epilogue { Bias = new float[2] }));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, x, weight, y, new Epilogue { Scale = new float[2] }));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(Threads.Inline, x, weight, y, new Epilogue { Residual = y.SliceRows(0, 4) }));
        Assert.Throws<ArgumentException>(() => kernels.Pack(new float[11], 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernels.Pack(new float[12], -3, -4));
    }

    static void AssertChain(KernelSet kernels, Threads threads, Case c)
    {
        var run = new Run(kernels, threads, c);
        var row = new float[c.Outputs];
        for (int i = 0; i < c.Rows; i++)
        {
            for (int j = 0; j < c.Outputs; j++)
            {
                float sum = 0;
                for (int k = 0; k < c.Inputs; k++)
                    sum = MathF.FusedMultiplyAdd(run.X.Row(i)[k], run.Weight[(j * c.Inputs) + k], sum);
                row[j] = c.Bias ? sum + run.Bias[j] : sum;
            }

            kernels.Activate(c.Activation, row);
            for (int j = 0; j < c.Outputs; j++)
            {
                float value = c.Scale ? row[j] * run.Scale[j] : row[j];
                value = c.Residual ? value + run.Residual[(i * c.Outputs) + j] : value;
                Assert.True(value == run.Y.Row(i)[j], $"{c}: [{i}, {j}] is {run.Y.Row(i)[j]}, not {value}");
            }
        }

        KernelSets.AssertPoisonIsUntouched(run.X);
        KernelSets.AssertPoisonIsUntouched(run.Y);
    }

    sealed record Case(int Rows, int Inputs, int Outputs)
    {
        public Activation Activation { get; init; }

        public bool Bias { get; init; }

        public bool Scale { get; init; }

        public bool Residual { get; init; }

        public bool InPlace { get; init; }
    }

    /// <summary>One product between poisoned matrices: a NaN that is read shows in a sum, one that is written is missed.</summary>
    sealed class Run
    {
        public Run(KernelSet kernels, Threads threads, Case c)
        {
            float[] x = KernelSets.Values(c.Rows * c.Inputs, 1, 1);
            Weight = KernelSets.Values(c.Outputs * c.Inputs, 2, 1);
            Bias = KernelSets.Values(c.Outputs, 3, 1);
            Scale = KernelSets.Values(c.Outputs, 4, 1);
            Residual = KernelSets.Values(c.Rows * c.Outputs, 5, 1);
            X = KernelSets.Poisoned(c.Rows, c.Inputs, c.Inputs + 3, (i, j) => x[(i * c.Inputs) + j]);
            Y = KernelSets.Poisoned(c.Rows, c.Outputs, c.Outputs + 5, (i, j) => Residual[(i * c.Outputs) + j]);
            Matrix other = KernelSets.Poisoned(c.Rows, c.Outputs, c.Outputs + 7, (i, j) => Residual[(i * c.Outputs) + j]);
            kernels.Multiply(threads, X, kernels.Pack(Weight, c.Outputs, c.Inputs), Y, new Epilogue
            {
                Bias = c.Bias ? Bias : null,
                Activation = c.Activation,
                Scale = c.Scale ? Scale : null,
                Residual = c.Residual ? c.InPlace ? Y : other : null,
            });
        }

        public float[] Weight { get; }

        public float[] Bias { get; }

        public float[] Scale { get; }

        public float[] Residual { get; }

        public Matrix X { get; }

        public Matrix Y { get; }
    }
}
