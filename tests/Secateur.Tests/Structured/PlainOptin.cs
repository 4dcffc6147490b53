using Secateur.Kernels;

namespace Secateur.Tests.Structured;

/// <summary>OPTIN's losses and the released code's factors, as they are written down, in double precision.</summary>
internal static class PlainOptin
{
    /// <summary>T^2 KL(teacher || student) of softened logits.</summary>
    public static double Divergence(float[] teacher, float[] student, double temperature)
    {
        double[] p = Softmax(teacher), q = Softmax(student);
        return temperature * temperature * p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

        double[] Softmax(float[] x)
        {
            double[] e = [.. x.Select(v => Math.Exp(v / temperature))];
            return [.. e.Select(v => v / e.Sum())];
        }
    }

    /// <summary>sum((T T^T - S S^T)^2).</summary>
    public static double Manifold(Matrix teacher, Matrix student)
    {
        double sum = 0;
        for (int i = 0; i < teacher.Rows; i++)
            for (int j = 0; j < teacher.Rows; j++)
                sum += Math.Pow(Dot(teacher.Row(i), teacher.Row(j)) - Dot(student.Row(i), student.Row(j)), 2);
        return sum;

        static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        {
            double dot = 0;
            for (int c = 0; c < x.Length; c++)
                dot += (double)x[c] * y[c];
            return dot;
        }
    }
}
